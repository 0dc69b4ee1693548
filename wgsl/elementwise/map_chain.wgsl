// y[i] = a chain of elementwise ops over up to four inputs: each as large as y (step 1), or one number for all (step 0).
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
  step: vec4u,
  numbers: array<vec4f, 4>,
}
// What is taken at a time: a number, or four.
alias number = f32; // @dtype
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<number>;
@group(0) @binding(2) var<storage, read> b: array<number>;
@group(0) @binding(3) var<storage, read> c: array<number>;
@group(0) @binding(4) var<storage, read> d: array<number>;
@group(0) @binding(5) var<storage, read_write> y: array<number>;

fn f(x0: f32, x1: f32, x2: f32, x3: f32) -> f32 {
  return x0 + x1 + x2 + x3; // @body f
}

fn each(x0: number, x1: number, x2: number, x3: number) -> number {
  return f(x0, x1, x2, x3); // @expr each
}

// What f does not name is not loaded: a load without a reader is dropped by every compiler.
@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = (group.y * groups.x + group.x) * LANES * EACH + lane;
  let step = params.step;
  for (var i = first; i < min(first + LANES * EACH, params.n); i += LANES) {
    y[i] = each(a[i * step.x], b[i * step.y], c[i * step.z], d[i * step.w]);
  }
}
