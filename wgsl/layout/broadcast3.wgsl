// y[i] = f(a, b, c) over the broadcast shape, up to 8 dimensions; a stride of 0 repeats. `start` is the index of y's
// first element in the whole output, where a large output is walked in ranges; `base` is what an operand of the output's
// own layout, bound from there as well, has to subtract.
import package::lib::math::{
  isNan, nanMax, nanMin, realPow, shareOfMax, logOnePlus, logistic, softplus, hyperbolicTangent,
}; // @exprs
import package::lib::nan::{expOrNan, logOrNan}; // @exprs
import package::lib::power::{powByBase, powByExponent}; // @exprs
import package::lib::walk::{LANES, EACH};

struct Params {
  n: u32,
  start: u32,
  rank: u32,
  p0: f32,
  p1: f32,
  base: vec4u,
  shape: array<vec4u, 2>,
  strideA: array<vec4u, 2>,
  strideB: array<vec4u, 2>,
  strideC: array<vec4u, 2>,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read> b: array<f32>;
@group(0) @binding(3) var<storage, read> c: array<f32>;
@group(0) @binding(4) var<storage, read_write> y: array<f32>;

fn f(a: f32, b: f32, c: f32, p0: f32, p1: f32) -> f32 {
  return a + b + c + 0.0 * (p0 + p1); // @expr f
}

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = (group.y * groups.x + group.x) * LANES * EACH + lane;
  for (var i = first; i < min(first + LANES * EACH, params.n); i += LANES) {
    var rest = params.start + i;
    var atA = 0u;
    var atB = 0u;
    var atC = 0u;
    for (var r = params.rank; r > 1u; r--) {
      let d = r - 1u;
      let size = params.shape[d / 4u][d % 4u];
      let next = rest / size;
      let index = rest - next * size;
      rest = next;
      atA += index * params.strideA[d / 4u][d % 4u];
      atB += index * params.strideB[d / 4u][d % 4u];
      atC += index * params.strideC[d / 4u][d % 4u];
    }
    // What is left is the outermost index: nothing to divide or look up, which is all there is beside a scalar.
    atA += rest * params.strideA[0].x;
    atB += rest * params.strideB[0].x;
    atC += rest * params.strideC[0].x;
    y[i] = f(a[atA - params.base.x], b[atB - params.base.y], c[atC - params.base.z], params.p0, params.p1);
  }
}
