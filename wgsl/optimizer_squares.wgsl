// partials[first + i] = sum of g[j]^2 over j = i, i + chunks, i + 2 chunks, ...: always in that order. A NaN or an
// infinity in g shows in its sum.
struct Params {
  n: u32,
  chunks: u32,
  first: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> g: array<f32>;
@group(0) @binding(2) var<storage, read_write> partials: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * 64u + id.x;
  if (i >= params.chunks) {
    return;
  }
  var total = 0.0;
  for (var j = i; j < params.n; j += params.chunks) {
    total += g[j] * g[j];
  }
  partials[params.first + i] = total;
}
