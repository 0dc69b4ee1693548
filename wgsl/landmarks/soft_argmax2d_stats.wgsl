// parts [maps, chunks] of (largest z, sums of e, e * column, e * row) with z = beta * h and e = exp(z - largest), in one
// reading of h [maps, h * w].
import package::lib::maps::{Pixel, nextPixel};
import package::lib::nan::expOrNan;

struct Params {
  maps: u32,
  size: u32, // h * w
  w: u32,
  chunks: u32,
  stepX: u32,
  stepY: u32,
  beta: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> h: array<f32>;
@group(0) @binding(2) var<storage, read_write> parts: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * 64u + id.x;
  if (i >= params.maps * params.chunks) {
    return;
  }
  let map = i / params.chunks;
  let chunk = i % params.chunks;
  let base = map * params.size;
  var at = Pixel(chunk % params.w, chunk / params.w);
  var top = -3.4028234e38;
  var sums = vec3f(0.0);
  for (var l = chunk; l < params.size; l += params.chunks) {
    let z = params.beta * h[base + l];
    let e = expOrNan(-abs(z - top));
    let place = vec3f(1.0, f32(at.x), f32(at.y));
    sums = select(sums + e * place, sums * e + place, vec3<bool>(z > top));
    top = max(top, z);
    at = nextPixel(at, params.stepX, params.stepY, params.w);
  }
  parts[i] = vec4f(top, sums);
}
