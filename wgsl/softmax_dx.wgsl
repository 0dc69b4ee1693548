// dx = y * (g - dot), or with LOG g - exp(y) * dot, from dot [outer, inner].
// @include lib/softmax_rows.wgsl
// The softmax runs over `length` in [outer, length, inner]; an invocation walks `each` entries of a row, SPAN apart, and
// neighbours that share a run of SPAN * each entries are neighbours in it.
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
// @end
@group(0) @binding(1) var<storage, read> y: array<f32>;
@group(0) @binding(2) var<storage, read> g: array<f32>;
@group(0) @binding(3) var<storage, read> dot: array<f32>;
@group(0) @binding(4) var<storage, read_write> dx: array<f32>;

override LOG: u32 = 0u;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32, @builtin(num_workgroups) groups: vec3u) {
  let run = runOf((group.y * groups.x + group.x) * LANES + lane);
  let end = run.at + run.count * run.step;
  let d = dot[min(run.row, params.outer * params.inner - 1u)];
  for (var at = run.at; at < end; at += run.step) {
    if (LOG == 1u) {
      dx[at] = g[at] - exp(y[at]) * d;
    } else {
      dx[at] = y[at] * (g[at] - d);
    }
  }
}
