// inputGrad = g . (d^2 - y) / sum of p, d being the distance of a pixel to the mean (column, row); an invocation takes four
// pixels, 64 apart.
struct Params {
  n: u32,
  size: u32,
  w: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> stats: array<vec4f>;
@group(0) @binding(2) var<storage, read> y: array<vec2f>;
@group(0) @binding(3) var<storage, read> g: array<vec2f>;
@group(0) @binding(4) var<storage, read_write> inputGrad: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32, @builtin(num_workgroups) groups: vec3u) {
  let start = (group.y * groups.x + group.x) * 256u + lane;
  for (var i = start; i < min(start + 256u, params.n); i += 64u) {
    let map = i / params.size;
    let l = i % params.size;
    let place = vec2f(f32(l % params.w), f32(l / params.w));
    let s = stats[map];
    let away = place - s.xy;
    inputGrad[i] = dot(g[map], away * away - y[map]) * s.z;
  }
}
