// Joins stats of softmax_stats: from [outer, length, inner] to [outer, chunks, inner]; chunk c takes c, c + chunks, ...
struct Params {
  outer: u32,
  length: u32,
  inner: u32,
  chunks: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> parts: array<vec2f>;
@group(0) @binding(2) var<storage, read_write> stats: array<vec2f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * 64u + id.x;
  if (i >= params.outer * params.chunks * params.inner) {
    return;
  }
  let column = i % params.inner;
  let chunk = (i / params.inner) % params.chunks;
  let row = i / (params.inner * params.chunks);
  let base = row * params.length * params.inner + column;
  var all = parts[base + chunk * params.inner];
  for (var l = chunk + params.chunks; l < params.length; l += params.chunks) {
    let part = parts[base + l * params.inner];
    let top = max(all.x, part.x);
    all = vec2f(top, all.y * exp(all.x - top) + part.y * exp(part.x - top));
  }
  stats[i] = all;
}
