// inputGrad = g * scale * (softmax(z) * sum of y - y) over [outer, length, inner]; g holds one number, or with EACH one for each
// row.
struct Params {
  n: u32,
  length: u32,
  inner: u32,
  scale: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> z: array<f32>;
@group(0) @binding(2) var<storage, read> y: array<f32>;
@group(0) @binding(3) var<storage, read> stats: array<vec4f>;
@group(0) @binding(4) var<storage, read> g: array<f32>;
@group(0) @binding(5) var<storage, read_write> inputGrad: array<f32>;

override EACH: u32 = 0u;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32, @builtin(num_workgroups) groups: vec3u) {
  let start = (group.y * groups.x + group.x) * 256u + lane;
  for (var i = start; i < min(start + 256u, params.n); i += 64u) {
    let row = (i / (params.length * params.inner)) * params.inner + i % params.inner;
    let s = stats[row];
    var factor = params.scale;
    if (EACH == 1u) {
      factor *= g[row];
    } else {
      factor *= g[0];
    }
    inputGrad[i] = factor * (exp(z[i] - s.x) * (s.z / s.y) - y[i]);
  }
}
