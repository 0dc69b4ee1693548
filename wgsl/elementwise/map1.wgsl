// y[i] = f(a[i]) for i in [0, n): a row of the elementwise table.
import package::lib::math::{
  isNan, nanMax, nanMin, realPow, shareOfMax, logOnePlus, logistic, softplus, hyperbolicTangent,
}; // @exprs
import package::lib::nan::{expOrNan, logOrNan}; // @exprs
import package::lib::power::{powByBase, powByExponent}; // @exprs
import package::lib::curves::{
  sine, cosine, expMinusOne, gelu, geluSlope, geluTanh, geluTanhSlope, errorFunction, errorSlope,
}; // @exprs
import package::lib::walk::{LANES, EACH};

struct Params {
  n: u32,
  p0: f32,
  p1: f32,
}
// What is taken at a time: a number, or four.
alias number = f32; // @dtype
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<number>;
@group(0) @binding(2) var<storage, read_write> y: array<number>;

fn f(a: f32, p0: f32, p1: f32) -> f32 {
  return a + 0.0 * (p0 + p1); // @expr f
}

fn each(a: number, p0: f32, p1: f32) -> number {
  return f(a, p0, p1); // @expr each
}

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = (group.y * groups.x + group.x) * LANES * EACH + lane;
  for (var i = first; i < min(first + LANES * EACH, params.n); i += LANES) {
    y[i] = each(a[i], params.p0, params.p1);
  }
}
