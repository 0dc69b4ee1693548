// y[i] = f(a, b, c) over the broadcast shape, up to 8 dimensions; a stride of 0 repeats. `start` is the index of y's
// first element in the whole output, where a large output is walked in ranges; `base` is what an operand of the output's
// own layout, bound from there as well, has to subtract.
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

// @include lib/math.wgsl
// Functions that WGSL lacks, or that drivers compute too coarsely for small arguments.
fn is_nan(a: f32) -> bool {
  return (bitcast<u32>(a) & 0x7fffffffu) > 0x7f800000u; // "a != a" is folded away by drivers
}
fn nan_max(a: f32, b: f32) -> f32 {
  return select(select(max(a, b), b, is_nan(b)), a, is_nan(a));
}
fn nan_min(a: f32, b: f32) -> f32 {
  return select(select(min(a, b), b, is_nan(b)), a, is_nan(a));
}
// pow for any base: WGSL's own is undefined for a negative one.
fn real_pow(a: f32, b: f32) -> f32 {
  let magnitude = select(pow(abs(a), b), 0.0, a == 0.0 && b > 0.0);
  let whole = b == floor(b);
  let odd = whole && (abs(b) * 0.5 != floor(abs(b) * 0.5));
  let signed = select(magnitude, -magnitude, a < 0.0 && odd);
  return select(select(signed, bitcast<f32>(0x7fc00000u + u32(abs(b) * 0.0)), a < 0.0 && !whole), 1.0, b == 0.0);
}
// ln(1 + e) for e in [0, 1]: 2 atanh(e / (2 + e)), its series cut where float32 ends.
fn log_one_plus(e: f32) -> f32 {
  let s = e / (2.0 + e);
  let q = s * s;
  return 2.0 * s * (1.0 + q * (1.0 / 3.0 + q * (0.2 + q * (1.0 / 7.0 + q * (1.0 / 9.0 + q * (1.0 / 11.0 + q / 13.0))))));
}
fn logistic(a: f32) -> f32 {
  let e = exp(-abs(a));
  return select(e, 1.0, a >= 0.0) / (1.0 + e);
}
fn softplus(a: f32) -> f32 {
  return max(a, 0.0) + log_one_plus(exp(-abs(a)));
}
fn hyperbolic_tangent(a: f32) -> f32 {
  let q = a * a;
  let small = a * (1.0 + q * (-1.0 / 3.0 + q * (2.0 / 15.0 + q * (-17.0 / 315.0 + q * (62.0 / 2835.0 - q * 1382.0 / 155925.0)))));
  let large = 1.0 - 2.0 / (exp(2.0 * min(abs(a), 20.0)) + 1.0);
  return select(select(large, -large, a < 0.0), small, abs(a) < 0.3);
}
// @end

fn f(a: f32, b: f32, c: f32, p0: f32, p1: f32) -> f32 {
  return a + b + c + 0.0 * (p0 + p1); // @expr f
}

// @include lib/walk.wgsl
// A workgroup walks LANES * EACH elements (numbers, or fours of them), LANES apart. GPUs want wide workgroups; software adapters
// run the subgroups of one after the other, so that only a workgroup of a single subgroup meets memory in its order.
override LANES: u32 = 64u;
override EACH: u32 = 4u;
// @end

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
