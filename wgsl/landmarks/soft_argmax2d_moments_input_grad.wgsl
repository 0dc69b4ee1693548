// inputGrad of soft_argmax2d_moments: beta * p * (g . (d, top, d^2 - variances, d.x d.y - covariance)) with d = pixel - mean,
// over maps of h * w pixels; top = (share of the largest) - (largest p), the share 0 elsewhere and divided among equals. p comes
// again from h.
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

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * 64u + id.x;
  if (i >= params.maps * params.chunks) {
    return;
  }
  let map = i / params.chunks;
  let chunk = i % params.chunks;
  let base = map * params.size;
  let first = stats[map * 2u];
  let second = stats[map * 2u + 1u];
  let scale = vec2f(params.scaleX, params.scaleY);
  let slope = vec2f(g[map * 6u], g[map * 6u + 1u]) * scale;
  let bend = vec3f(g[map * 6u + 3u], g[map * 6u + 4u], g[map * 6u + 5u]) * vec3f(scale * scale, scale.x * scale.y);
  let top = g[map * 6u + 2u];
  let factor = params.beta * first.y;
  var at = Pixel(chunk % params.w, chunk / params.w);
  for (var l = chunk; l < params.size; l += params.chunks) {
    let d = vec2f(f32(at.x), f32(at.y)) - first.zw;
    let z = params.beta * h[base + l];
    let p = factor * exp(z - first.x);
    let share = select(0.0, second.w, z >= first.x) - first.y;
    inputGrad[base + l] = p * (dot(slope, d) + top * share + dot(bend, vec3f(d * d, d.x * d.y) - second.xyz));
    at = nextPixel(at, params.stepX, params.stepY, params.w);
  }
}
