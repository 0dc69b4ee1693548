// y = f(a, b), times its weight, over n entries, a range of all; an invocation takes four, 64 apart.
import package::lib::math::{
  isNan, nanMax, nanMin, realPow, logOnePlus, logistic, softplus, hyperbolicTangent,
}; // @exprs
import package::lib::losses::{logShifted, logExact, logShare, expLessOne, jsTerm, jsSlope}; // @exprs

struct Params {
  n: u32,
  wFirst: u32, // where the range begins, for weights by spans
  span: u32, // entries that share a weight
  p0: f32,
  p1: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read> b: array<f32>;
@group(0) @binding(3) var<storage, read> w: array<f32>;
@group(0) @binding(4) var<storage, read_write> y: array<f32>;

override WEIGHTED: u32 = 0u;

fn f(a: f32, b: f32, p0: f32, p1: f32) -> f32 {
  return (a - b) * (p0 + p1); // @expr f
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32, @builtin(num_workgroups) groups: vec3u) {
  let start = (group.y * groups.x + group.x) * 256u + lane;
  for (var i = start; i < min(start + 256u, params.n); i += 64u) {
    var term = f(a[i], b[i], params.p0, params.p1);
    if (WEIGHTED == 1u) {
      let weight = w[(params.wFirst + i) / params.span];
      term = select(weight * term, 0.0, weight == 0.0);
    }
    y[i] = term;
  }
}
