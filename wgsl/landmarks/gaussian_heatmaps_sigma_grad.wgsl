// parts [maps, chunks] of the sums of g * y * (r^2 / sigma^3 - 2 / sigma) over maps of h * w pixels, y the Gaussian; the second
// term with NORMAL alone, whose peak falls as sigma grows.
import package::lib::maps::{Pixel, nextPixel};
import package::lib::gaussian::{NORMAL, gaussianOf};

struct Params {
  maps: u32,
  size: u32, // h * w
  w: u32,
  chunks: u32,
  stepX: u32,
  stepY: u32,
  sigmas: u32,
  amplitude: f32, // gamma / (2 pi)
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> points: array<vec2f>;
@group(0) @binding(2) var<storage, read> g: array<f32>;
@group(0) @binding(3) var<storage, read> sigma: array<f32>;
@group(0) @binding(4) var<storage, read_write> parts: array<f32>;

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
  let width = sigma[map % params.sigmas];
  let form = gaussianOf(width, params.amplitude);
  let fall = select(0.0, 2.0, NORMAL == 1u);
  var at = Pixel(chunk % params.w, chunk / params.w);
  var total = 0.0;
  for (var l = chunk; l < params.size; l += params.chunks) {
    let d = vec2f(f32(at.x), f32(at.y)) - point;
    let q = dot(d, d) * form.steepness;
    total += g[base + l] * exp(-q) * (2.0 * q - fall);
    at = nextPixel(at, params.stepX, params.stepY, params.w);
  }
  parts[i] = total * (form.peak / width);
}
