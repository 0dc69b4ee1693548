// parts [maps, chunks] of (sum of p * t, sum of p^2, sum of t^2, 0) over maps of `size` entries: chunk c takes c, c + chunks, ...
struct Params {
  maps: u32,
  size: u32,
  chunks: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> p: array<f32>;
@group(0) @binding(2) var<storage, read> t: array<f32>;
@group(0) @binding(3) var<storage, read_write> parts: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * 64u + id.x;
  if (i >= params.maps * params.chunks) {
    return;
  }
  let base = (i / params.chunks) * params.size;
  var total = vec4f(0.0);
  for (var l = i % params.chunks; l < params.size; l += params.chunks) {
    let a = p[base + l];
    let b = t[base + l];
    total += vec4f(a * b, a * a, b * b, 0.0);
  }
  parts[i] = total;
}
