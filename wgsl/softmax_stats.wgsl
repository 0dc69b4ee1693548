// x [outer, length, inner] -> stats [outer, chunks, inner] of (largest entry m, sum of exp(entry - m)): an invocation reads
// the entries chunk, chunk + chunks, ... once, and scales its sum anew whenever it meets a larger one.
struct Params {
  outer: u32,
  length: u32,
  inner: u32,
  chunks: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> stats: array<vec2f>;

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
  var top = -3.4028234e38;
  var total = 0.0;
  for (var l = chunk; l < params.length; l += params.chunks) {
    let v = x[base + l * params.inner];
    let e = exp_or_nan(-abs(v - top));
    total = select(total + e, total * e + 1.0, v > top);
    top = max(top, v);
  }
  stats[i] = vec2f(top, total);
}
