// inputGrad = g * (a t + b p) with the slopes (a, b) of each map of `size` entries; an invocation takes four entries, 64 apart.
struct Params {
  n: u32,
  size: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> p: array<f32>;
@group(0) @binding(2) var<storage, read> t: array<f32>;
@group(0) @binding(3) var<storage, read> slopes: array<vec2f>;
@group(0) @binding(4) var<storage, read> g: array<f32>;
@group(0) @binding(5) var<storage, read_write> inputGrad: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32, @builtin(num_workgroups) groups: vec3u) {
  let start = (group.y * groups.x + group.x) * 256u + lane;
  for (var i = start; i < min(start + 256u, params.n); i += 64u) {
    let s = slopes[i / params.size];
    inputGrad[i] = g[0] * (s.x * t[i] + s.y * p[i]);
  }
}
