// parts [outer, chunks, inner] of (largest z = m, sum of exp(z - m), sum of y, sum of y * (z - m)) over logits z and targets y
// [outer, length, inner], which are read once: chunk c of a row takes its entries c, c + chunks, ...
import package::lib::log_scores::{noScores, withEntry};

struct Params {
  outer: u32,
  length: u32,
  inner: u32,
  chunks: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> z: array<f32>;
@group(0) @binding(2) var<storage, read> y: array<f32>;
@group(0) @binding(3) var<storage, read_write> parts: array<vec4f>;

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
  var scores = noScores;
  for (var l = chunk; l < params.length; l += params.chunks) {
    let at = base + l * params.inner;
    scores = withEntry(scores, z[at], y[at]);
  }
  parts[i] = scores;
}
