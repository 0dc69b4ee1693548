// inputGrad = beta * p * (scale * g . (pixel - point)) over maps of h * w pixels; p = exp(beta * h - largest) / sum comes again
// from h.
import package::lib::maps::{Pixel, nextPixel};

struct Params {
  maps: u32,
  size: u32, // h * w
  w: u32,
  chunks: u32,
  stepX: u32,
  stepY: u32,
  beta: f32,
  scaleX: f32,
  scaleY: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> h: array<f32>;
@group(0) @binding(2) var<storage, read> stats: array<vec4f>;
@group(0) @binding(3) var<storage, read> g: array<f32>;
@group(0) @binding(4) var<storage, read_write> inputGrad: array<f32>;

// 1: g holds columns alone.
override AXES: u32 = 2u;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * 64u + id.x;
  if (i >= params.maps * params.chunks) {
    return;
  }
  let map = i / params.chunks;
  let chunk = i % params.chunks;
  let base = map * params.size;
  let s = stats[map];
  let point = s.zw / s.y;
  var slope = vec2f(g[map * AXES] * params.scaleX, 0.0);
  if (AXES == 2u) {
    slope.y = g[map * AXES + 1u] * params.scaleY;
  }
  let scale = params.beta / s.y;
  var at = Pixel(chunk % params.w, chunk / params.w);
  for (var l = chunk; l < params.size; l += params.chunks) {
    let p = scale * exp(params.beta * h[base + l] - s.x);
    inputGrad[base + l] = p * dot(slope, vec2f(f32(at.x), f32(at.y)) - point);
    at = nextPixel(at, params.stepX, params.stepY, params.w);
  }
}
