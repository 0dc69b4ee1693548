// y [maps, h, w] = peak * exp(-r^2 * steepness) around points [maps] of (column, row).
struct Params {
  rows: u32, // maps * h
  each: u32,
  h: u32,
  w: u32,
  steepness: f32, // 1 / (2 sigma^2)
  peak: f32,
  sigmas: u32, // with LEARNED: how many there are
  amplitude: f32, // and gamma / (2 pi)
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> points: array<vec2f>;
@group(0) @binding(2) var<storage, read> sigma: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

// @include lib/rows.wgsl
// Images as rows of columns: WX lanes along the columns, WY invocations beside each other along the rows, and
// params.each rows one after the other in an invocation (starting a workgroup costs as much as dozens of loads).
override WX: u32 = 64u;
override WY: u32 = 1u;
// @end

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

// @include lib/gaussian.wgsl
// How wide and how high the Gaussian of a map is: steepness = 1 / (2 sigma^2), and its peak. With LEARNED sigma [sigmas] comes
// from memory, one for each landmark or one for all; with NORMAL the peak is gamma / (2 pi sigma^2), else 1.
override LEARNED: u32 = 0u;
override NORMAL: u32 = 0u;
struct Gaussian {
  steepness: f32,
  peak: f32,
}
fn gaussian_of(sigma: f32, amplitude: f32) -> Gaussian {
  let inverse = 1.0 / (sigma * sigma);
  return Gaussian(0.5 * inverse, select(1.0, amplitude * inverse, NORMAL == 1u));
}
// @end

@compute @workgroup_size(WX, WY)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = (id.z * groups.y * WY + id.y) * params.each;
  if (id.x >= params.w || first >= params.rows) {
    return;
  }
  let last = min(first + params.each, params.rows);
  for (var row = first; row < last; row++) {
    let map = row / params.h;
    var form = Gaussian(params.steepness, params.peak);
    if (LEARNED == 1u) {
      form = gaussian_of(sigma[map % params.sigmas], params.amplitude);
    }
    let d = vec2f(f32(id.x), f32(row - map * params.h)) - points[map];
    let q = dot(d, d) * form.steepness;
    if (NORMAL == 1u) {
      // A high peak lifts what exp alone would lose below the smallest number.
      let root = exp_or_nan(-0.5 * q);
      y[row * params.w + id.x] = form.peak * root * root;
    } else {
      y[row * params.w + id.x] = exp_or_nan(-q);
    }
  }
}
