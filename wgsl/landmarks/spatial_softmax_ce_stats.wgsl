// parts [maps, chunks] of (largest z = m, sum of exp(z - m), sum of y, sum of y * (z - m)) over maps of `size` pixels:
// logits z and targets y are read once.
import package::lib::log_scores::{noScores, withEntry};

struct Params {
  maps: u32,
  size: u32,
  chunks: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> z: array<f32>;
@group(0) @binding(2) var<storage, read> y: array<f32>;
@group(0) @binding(3) var<storage, read_write> parts: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * 64u + id.x;
  if (i >= params.maps * params.chunks) {
    return;
  }
  let base = (i / params.chunks) * params.size;
  let chunk = i % params.chunks;
  var scores = noScores;
  for (var l = chunk; l < params.size; l += params.chunks) {
    scores = withEntry(scores, z[base + l], y[base + l]);
  }
  parts[i] = scores;
}
