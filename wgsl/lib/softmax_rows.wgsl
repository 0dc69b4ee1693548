// The softmax runs over `length` in [outer, length, inner]; an invocation walks `each` entries of a row, SPAN apart, and
// neighbors that share a run of SPAN * each entries are neighbors in it.
struct Params {
  outer: u32,
  length: u32,
  inner: u32,
  chunks: u32, // invocations that share a row
  each: u32,
}
@group(0) @binding(0) var<uniform> params: Params;

override LANES: u32 = 64u;
override SPAN: u32 = 1u;

struct Run {
  item: u32, // its place in [outer, chunks, inner]
  row: u32, // its row's in [outer, inner]
  at: u32, // of the first entry
  step: u32,
  count: u32,
}

fn runOf(item: u32) -> Run {
  let line = item / params.inner;
  let column = item - line * params.inner;
  let outer = line / params.chunks;
  let chunk = line - outer * params.chunks;
  let first = chunk / SPAN * SPAN * params.each + chunk % SPAN;
  let left = select(0u, (params.length - min(first, params.length) + SPAN - 1u) / SPAN, outer < params.outer);
  let at = (outer * params.length + first) * params.inner + column;
  return Run(item, outer * params.inner + column, at, SPAN * params.inner, min(left, params.each));
}
