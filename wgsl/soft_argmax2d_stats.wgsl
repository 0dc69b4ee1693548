// parts [maps, chunks] of (largest z, sums of e, e * column, e * row) with z = beta * h and e = exp(z - largest), in one
// reading of h [maps, h * w].
struct Params {
  maps: u32,
  size: u32, // h * w
  w: u32,
  chunks: u32,
  step_x: u32,
  step_y: u32,
  beta: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> h: array<f32>;
@group(0) @binding(2) var<storage, read_write> parts: array<vec4f>;

// @include lib/maps.wgsl
// Maps of `size` = h * w pixels, each shared by `chunks` invocations: number i walks the pixels chunk, chunk + chunks, ...
// of map i / chunks; from one to the next the column grows by step_x, the row by step_y (and one more at the right edge).
struct Pixel {
  x: u32,
  y: u32,
}
fn next_pixel(p: Pixel, step_x: u32, step_y: u32, w: u32) -> Pixel {
  let x = p.x + step_x;
  let over = x >= w;
  return Pixel(select(x, x - w, over), p.y + step_y + select(0u, 1u, over));
}
// @end

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
  if (i >= params.maps * params.chunks) {
    return;
  }
  let map = i / params.chunks;
  let chunk = i % params.chunks;
  let base = map * params.size;
  var at = Pixel(chunk % params.w, chunk / params.w);
  var top = -3.4028234e38;
  var sums = vec3f(0.0);
  for (var l = chunk; l < params.size; l += params.chunks) {
    let z = params.beta * h[base + l];
    let e = exp_or_nan(-abs(z - top));
    let place = vec3f(1.0, f32(at.x), f32(at.y));
    sums = select(sums + e * place, sums * e + place, vec3<bool>(z > top));
    top = max(top, z);
    at = next_pixel(at, params.step_x, params.step_y, params.w);
  }
  parts[i] = vec4f(top, sums);
}
