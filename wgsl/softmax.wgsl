// y = exp(x - m) / sum, or with LOG x - m - ln(sum), over x [outer, length, inner] and stats [outer, inner] of (m, sum).
// An invocation walks the entries chunk, chunk + chunks, ... of its row.
struct Params {
  outer: u32,
  length: u32,
  inner: u32,
  chunks: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> stats: array<vec2f>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

override LOG: u32 = 0u;

// @include lib/nan.wgsl
fn is_nan(a: f32) -> bool {
  return (bitcast<u32>(a) & 0x7fffffffu) > 0x7f800000u; // "a != a" is folded away by drivers
}
// exp and log that hand a NaN on; SwiftShader's own make a number of it.
fn exp_or_nan(a: f32) -> f32 {
  return select(exp(a), a, is_nan(a));
}
fn log_or_nan(a: f32) -> f32 {
  return select(log(a), a, is_nan(a));
}
// @end

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
  let s = stats[row * params.inner + column];
  if (LOG == 1u) {
    let log_sum = log_or_nan(s.y);
    for (var l = chunk; l < params.length; l += params.chunks) {
      let at = base + l * params.inner;
      y[at] = (x[at] - s.x) - log_sum;
    }
  } else {
    let scale = 1.0 / s.y;
    for (var l = chunk; l < params.length; l += params.chunks) {
      let at = base + l * params.inner;
      y[at] = exp(x[at] - s.x) * scale;
    }
  }
}
