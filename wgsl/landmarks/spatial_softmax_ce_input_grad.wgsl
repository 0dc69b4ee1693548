// inputGrad = g * share * (softmax(z) - y / mass) over maps of `size` pixels; 0 in a map whose mass is 0.
struct Params {
  maps: u32,
  size: u32,
  chunks: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> z: array<f32>;
@group(0) @binding(2) var<storage, read> y: array<f32>;
@group(0) @binding(3) var<storage, read> stats: array<vec4f>;
@group(0) @binding(4) var<storage, read> share: array<f32>;
@group(0) @binding(5) var<storage, read> g: array<f32>;
@group(0) @binding(6) var<storage, read_write> inputGrad: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * 64u + id.x;
  if (i >= params.maps * params.chunks) {
    return;
  }
  let map = i / params.chunks;
  let base = map * params.size;
  let s = stats[map];
  let empty = s.z == 0.0;
  let factor = select(g[0] * share[0], 0.0, empty);
  let pScale = factor / s.y;
  let yScale = select(factor / s.z, 0.0, empty);
  for (var l = i % params.chunks; l < params.size; l += params.chunks) {
    inputGrad[base + l] = select(exp(z[base + l] - s.x) * pScale - y[base + l] * yScale, 0.0, empty);
  }
}
