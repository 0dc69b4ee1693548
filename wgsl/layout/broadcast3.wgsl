// y[i] = f(a, b, c) over the broadcast shape, up to 8 dimensions; a stride of 0 repeats. `start` is the index of y's
// first element in the whole output, where a large output is walked in ranges; `base` is what an operand of the output's
// own layout, bound from there as well, has to subtract.
import package::lib::math::{
  is_nan, nan_max, nan_min, real_pow, log_one_plus, logistic, softplus, hyperbolic_tangent,
}; // @exprs
import package::lib::walk::{LANES, EACH};

struct Params {
  n: u32,
  start: u32,
  rank: u32,
  p0: f32,
  p1: f32,
  base: vec4u,
  shape: array<vec4u, 2>,
  stride_a: array<vec4u, 2>,
  stride_b: array<vec4u, 2>,
  stride_c: array<vec4u, 2>,
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
    var at_a = 0u;
    var at_b = 0u;
    var at_c = 0u;
    for (var r = params.rank; r > 1u; r--) {
      let d = r - 1u;
      let size = params.shape[d / 4u][d % 4u];
      let next = rest / size;
      let index = rest - next * size;
      rest = next;
      at_a += index * params.stride_a[d / 4u][d % 4u];
      at_b += index * params.stride_b[d / 4u][d % 4u];
      at_c += index * params.stride_c[d / 4u][d % 4u];
    }
    // What is left is the outermost index: nothing to divide or look up, which is all there is beside a scalar.
    at_a += rest * params.stride_a[0].x;
    at_b += rest * params.stride_b[0].x;
    at_c += rest * params.stride_c[0].x;
    y[i] = f(a[at_a - params.base.x], b[at_b - params.base.y], c[at_c - params.base.z], params.p0, params.p1);
  }
}
