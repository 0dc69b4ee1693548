// Joins parts of spatial_softmax_ce_stats: from [maps, length] to [maps, chunks]; chunk c takes c, c + chunks, ...
import package::lib::log_scores::{joinScores, totalOf};

struct Params {
  maps: u32,
  length: u32,
  chunks: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> parts: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> stats: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * 64u + id.x;
  if (i >= params.maps * params.chunks) {
    return;
  }
  let base = (i / params.chunks) * params.length;
  let chunk = i % params.chunks;
  var a = parts[base + chunk];
  for (var l = chunk + params.chunks; l < params.length; l += params.chunks) {
    a = joinScores(a, parts[base + l]);
  }
  stats[i] = vec4f(a.x, select(a.y, totalOf(a), params.chunks == 1u), a.zw);
}
