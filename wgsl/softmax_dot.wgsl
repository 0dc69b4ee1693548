// parts [outer, chunks, inner] = sums of y * g over [outer, length, inner], or with LOG of g alone.
struct Params {
  outer: u32,
  length: u32,
  inner: u32,
  chunks: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> y: array<f32>;
@group(0) @binding(2) var<storage, read> g: array<f32>;
@group(0) @binding(3) var<storage, read_write> parts: array<f32>;

override LOG: u32 = 0u;

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
  var total = 0.0;
  for (var l = chunk; l < params.length; l += params.chunks) {
    let at = base + l * params.inner;
    if (LOG == 1u) {
      total += g[at];
    } else {
      total += y[at] * g[at];
    }
  }
  parts[i] = total;
}
