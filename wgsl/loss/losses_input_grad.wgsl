// y = f(a, b) * g * scale, times its weight, over n entries, a range of all: g holds one number for all
// entries (PER 0), one for each run of `length` (PER 1), or one for each of the n (PER 2). An invocation takes four, 64 apart.
import package::lib::math::{
  isNan, nanMax, nanMin, realPow, logOnePlus, logistic, softplus, hyperbolicTangent,
}; // @exprs
import package::lib::losses::{logShifted, logExact, logShare, expLessOne, jsTerm, jsSlope}; // @exprs

struct Params {
  n: u32,
  gFirst: u32, // where the range begins, for g by runs
  wFirst: u32, // where it begins, for weights by spans
  length: u32,
  span: u32, // entries that share a weight
  p0: f32,
  p1: f32,
  scale: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read> b: array<f32>;
@group(0) @binding(3) var<storage, read> w: array<f32>;
@group(0) @binding(4) var<storage, read> g: array<f32>;
@group(0) @binding(5) var<storage, read_write> y: array<f32>;

override WEIGHTED: u32 = 0u;
override PER: u32 = 0u;

fn f(a: f32, b: f32, p0: f32, p1: f32) -> f32 {
  return (a - b) * (p0 + p1); // @expr f
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32, @builtin(num_workgroups) groups: vec3u) {
  let start = (group.y * groups.x + group.x) * 256u + lane;
  var factor = g[0] * params.scale;
  for (var i = start; i < min(start + 256u, params.n); i += 64u) {
    if (PER == 1u) {
      factor = g[(params.gFirst + i) / params.length] * params.scale;
    } else if (PER == 2u) {
      factor = g[i] * params.scale;
    }
    var slope = f(a[i], b[i], params.p0, params.p1) * factor;
    if (WEIGHTED == 1u) {
      let weight = w[(params.wFirst + i) / params.span];
      slope = select(weight * slope, 0.0, weight == 0.0);
    }
    y[i] = slope;
  }
}
