// parts [maps, chunks] of the sums of g * peak * exp(-r^2 * steepness) * (pixel - point) * 2 steepness over maps of h * w pixels.
import package::lib::maps::{Pixel, nextPixel};
import package::lib::gaussian::{LEARNED, Gaussian, gaussianOf};

struct Params {
  maps: u32,
  size: u32, // h * w
  w: u32,
  chunks: u32,
  stepX: u32,
  stepY: u32,
  steepness: f32, // 1 / (2 sigma^2)
  peak: f32,
  sigmas: u32, // with LEARNED: how many there are
  amplitude: f32, // and gamma / (2 pi)
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> points: array<vec2f>;
@group(0) @binding(2) var<storage, read> g: array<f32>;
@group(0) @binding(3) var<storage, read> sigma: array<f32>;
@group(0) @binding(4) var<storage, read_write> parts: array<vec2f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * 64u + id.x;
  if (i >= params.maps * params.chunks) {
    return;
  }
  let map = i / params.chunks;
  let chunk = i % params.chunks;
  let base = map * params.size;
  let point = points[map];
  var form = Gaussian(params.steepness, params.peak);
  if (LEARNED == 1u) {
    form = gaussianOf(sigma[map % params.sigmas], params.amplitude);
  }
  var at = Pixel(chunk % params.w, chunk / params.w);
  var total = vec2f(0.0);
  for (var l = chunk; l < params.size; l += params.chunks) {
    let d = vec2f(f32(at.x), f32(at.y)) - point;
    total += (g[base + l] * exp(-dot(d, d) * form.steepness)) * d;
    at = nextPixel(at, params.stepX, params.stepY, params.w);
  }
  parts[i] = total * (2.0 * form.steepness * form.peak);
}
