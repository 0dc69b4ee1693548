// y [maps, h, w] = peak * exp(-r^2 * steepness) around points [maps] of (column, row).
import package::lib::rows::{WX, WY};
import package::lib::nan::expOrNan;
import package::lib::gaussian::{LEARNED, NORMAL, Gaussian, gaussianOf};

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
      form = gaussianOf(sigma[map % params.sigmas], params.amplitude);
    }
    let d = vec2f(f32(id.x), f32(row - map * params.h)) - points[map];
    let q = dot(d, d) * form.steepness;
    if (NORMAL == 1u) {
      // A high peak lifts what exp alone would lose below the smallest number.
      let root = expOrNan(-0.5 * q);
      y[row * params.w + id.x] = form.peak * root * root;
    } else {
      y[row * params.w + id.x] = expOrNan(-q);
    }
  }
}
