// Joins clouds: from [maps, length] to [maps, chunks]; chunk c takes c, c + chunks, ...
import package::lib::volumes::Cloud;

struct Params {
  maps: u32,
  length: u32,
  chunks: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> parts: array<Cloud>;
@group(0) @binding(2) var<storage, read_write> stats: array<Cloud>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * 64u + id.x;
  if (i >= params.maps * params.chunks) {
    return;
  }
  let base = (i / params.chunks) * params.length;
  let chunk = i % params.chunks;
  var all = parts[base + chunk];
  for (var l = chunk + params.chunks; l < params.length; l += params.chunks) {
    let part = parts[base + l];
    let top = max(all.top, part.top);
    let a = exp(all.top - top);
    let b = exp(part.top - top);
    all = Cloud(top, all.total * a + part.total * b, all.x * a + part.x * b, all.y * a + part.y * b, all.z * a + part.z * b);
  }
  stats[i] = all;
}
