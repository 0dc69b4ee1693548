// parts [rows, chunks] of the sums of f(a, b), times their weights, over [rows, length]: chunk c takes c, c + chunks, ... An
// entry of weight 0 adds nothing, whatever stands in it.
import package::lib::math::{
  isNan, nanMax, nanMin, realPow, logOnePlus, logistic, softplus, hyperbolicTangent,
}; // @exprs
import package::lib::losses::{logShifted, logExact, logShare, expLessOne, jsTerm, jsSlope}; // @exprs

struct Params {
  rows: u32,
  length: u32,
  chunks: u32,
  span: u32, // entries that share a weight
  p0: f32,
  p1: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read> b: array<f32>;
@group(0) @binding(3) var<storage, read> w: array<f32>;
@group(0) @binding(4) var<storage, read_write> parts: array<f32>;

override WEIGHTED: u32 = 0u;

fn f(a: f32, b: f32, p0: f32, p1: f32) -> f32 {
  return (a - b) * (p0 + p1); // @expr f
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * 64u + id.x;
  if (i >= params.rows * params.chunks) {
    return;
  }
  let base = (i / params.chunks) * params.length;
  var total = 0.0;
  for (var l = i % params.chunks; l < params.length; l += params.chunks) {
    let at = base + l;
    let term = f(a[at], b[at], params.p0, params.p1);
    if (WEIGHTED == 1u) {
      let weight = w[at / params.span];
      total += select(weight * term, 0.0, weight == 0.0);
    } else {
      total += term;
    }
  }
  parts[i] = total;
}
