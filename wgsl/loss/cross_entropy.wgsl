// From parts [outer, chunks, inner] of cross_entropy_stats, joined in their order: terms [outer, inner] = -sum of y *
// log_softmax(z), and stats (largest z, sum of exp(z - largest), sum of y, 0) for the gradient.
import package::lib::log_scores::{joinScores, totalOf};
import package::lib::nan::logOrNan;

struct Params {
  outer: u32,
  inner: u32,
  chunks: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> parts: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> stats: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> terms: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * 64u + id.x;
  if (i >= params.outer * params.inner) {
    return;
  }
  let base = (i / params.inner) * params.chunks * params.inner + i % params.inner;
  var a = parts[base];
  for (var c = 1u; c < params.chunks; c++) {
    a = joinScores(a, parts[base + c * params.inner]);
  }
  let total = totalOf(a);
  stats[i] = vec4f(a.x, total, a.z, 0.0);
  terms[i] = a.z * logOrNan(total) - a.w;
}
