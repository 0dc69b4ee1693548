// inputGrad = beta * p * (scale * g . (voxel - point)) over maps of d * h * w voxels; p = exp(beta * x - largest) / sum comes
// again from x.
import package::lib::volumes::{Cloud, nextVoxel};

struct Params {
  maps: u32,
  size: u32, // d * h * w
  w: u32,
  h: u32,
  chunks: u32,
  stepX: u32,
  stepY: u32,
  stepZ: u32,
  beta: f32,
  scale: vec4f,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> stats: array<Cloud>;
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
  let step = vec3u(params.stepX, params.stepY, params.stepZ);
  let column = chunk % params.w;
  let line = chunk / params.w;
  var at = vec3u(column, line % params.h, line / params.h);
  let s = stats[map];
  let point = vec3f(s.x, s.y, s.z) / s.total;
  let slope = vec3f(g[map * 3u], g[map * 3u + 1u], g[map * 3u + 2u]) * params.scale.xyz;
  let factor = params.beta / s.total;
  for (var l = chunk; l < params.size; l += params.chunks) {
    let p = factor * exp(params.beta * x[base + l] - s.top);
    inputGrad[base + l] = p * dot(slope, vec3f(at) - point);
    at = nextVoxel(at, step, params.w, params.h);
  }
}
