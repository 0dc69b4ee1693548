// parts [maps, chunks, 2, 3] of the sums of g [maps, size] = (column, row) times (column, row, 1) of each pixel.
import package::lib::maps::{Pixel, nextPixel};

struct Params {
  maps: u32,
  size: u32, // h * w
  w: u32,
  h: u32,
  chunks: u32,
  stepX: u32,
  stepY: u32,
  corners: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> g: array<vec2f>;
@group(0) @binding(2) var<storage, read_write> parts: array<f32>;

// Where pixel i of `size` lies from -1 to 1: the middles of the outer pixels at the ends with `corners`, else their edges.
fn baseOf(i: u32, size: u32) -> f32 {
  if (params.corners == 1u) {
    return f32(2 * i32(i) + 1 - i32(size)) / f32(max(size, 2u) - 1u);
  }
  return f32(2 * i32(i) + 1 - i32(size)) / f32(size);
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * 64u + id.x;
  if (i >= params.maps * params.chunks) {
    return;
  }
  let map = i / params.chunks;
  let chunk = i % params.chunks;
  var at = Pixel(chunk % params.w, chunk / params.w);
  var alongX = vec3f(0.0);
  var alongY = vec3f(0.0);
  for (var l = chunk; l < params.size; l += params.chunks) {
    let place = vec3f(baseOf(at.x, params.w), baseOf(at.y, params.h), 1.0);
    let value = g[map * params.size + l];
    alongX += value.x * place;
    alongY += value.y * place;
    at = nextPixel(at, params.stepX, params.stepY, params.w);
  }
  for (var j = 0u; j < 3u; j++) {
    parts[i * 6u + j] = alongX[j];
    parts[i * 6u + 3u + j] = alongY[j];
  }
}
