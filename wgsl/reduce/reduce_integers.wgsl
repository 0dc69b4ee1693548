// x [outer, length, inner] -> y [outer, chunks, inner], integers as bits: chunk c combines the entries c, c + chunks, ...
struct Params {
  outer: u32,
  length: u32,
  inner: u32,
  chunks: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<u32>;
@group(0) @binding(2) var<storage, read_write> y: array<u32>;

fn combine(a: u32, b: u32) -> u32 {
  return a + b; // @expr combine
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * 64u + id.x;
  if (i >= params.outer * params.chunks * params.inner) {
    return;
  }
  let chunk = (i / params.inner) % params.chunks;
  let base = i / (params.inner * params.chunks) * params.length * params.inner + i % params.inner;
  var total = x[base + chunk * params.inner];
  for (var r = chunk + params.chunks; r < params.length; r += params.chunks) {
    total = combine(total, x[base + r * params.inner]);
  }
  y[i] = total;
}
