// stats [outer, chunks, inner] of (largest entry m, sum of exp(entry - m)) over the runs of x: each entry is read once, four at
// a time, and the sum scaled anew by what the largest has grown.
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
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> stats: array<vec2f>;

// @include lib/nan.wgsl
fn is_nan(a: f32) -> bool {
  return (bitcast<u32>(a) & 0x7fffffffu) > 0x7f800000u; // "a != a" is folded away by drivers
}
// exp and log that hand a NaN on; SwiftShader's own make a number of it.
fn exp_or_nan(a: f32) -> f32 {
  return select(exp(a), a, is_nan(a));
}
fn log_or_nan(a: f32) -> f32 {
  return select(log(a), a, is_nan(a));
}
// @end

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32, @builtin(num_workgroups) groups: vec3u) {
  let run = runOf((group.y * groups.x + group.x) * LANES + lane);
  var top = -3.4028234e38;
  var total = 0.0;
  var at = run.at;
  for (var k = 0u; k + 4u <= run.count; k += 4u) {
    let a = x[at];
    let b = x[at + run.step];
    let c = x[at + 2u * run.step];
    let d = x[at + 3u * run.step];
    let larger = max(top, max(max(a, b), max(c, d)));
    total = total * exp(top - larger) + ((exp_or_nan(a - larger) + exp_or_nan(b - larger)) + (exp_or_nan(c - larger) + exp_or_nan(d - larger)));
    top = larger;
    at += 4u * run.step;
  }
  for (var k = run.count / 4u * 4u; k < run.count; k++) {
    let v = x[at];
    let larger = max(top, v);
    total = total * exp(top - larger) + exp_or_nan(v - larger);
    top = larger;
    at += run.step;
  }
  if (run.row < params.outer * params.inner) {
    stats[run.item] = vec2f(top, total);
  }
}
