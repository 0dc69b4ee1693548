// x [outer, length, inner] -> y [outer, chunks, inner]: chunk c combines the entries c, c + chunks, c + 2 chunks, ... in
// that order, with COMPENSATED adding at the end what the roundings of a sum lost. Run again over the chunks until one is left:
// fixed order, so the same bits each time.
struct Params {
  outer: u32,
  length: u32,
  inner: u32,
  chunks: u32,
  scale: f32,
  zero: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

// @include lib/math.wgsl
// Functions that WGSL lacks, or that drivers compute too coarsely for small arguments.
fn is_nan(a: f32) -> bool {
  return (bitcast<u32>(a) & 0x7fffffffu) > 0x7f800000u; // "a != a" is folded away by drivers
}
fn nan_max(a: f32, b: f32) -> f32 {
  return select(select(max(a, b), b, is_nan(b)), a, is_nan(a));
}
fn nan_min(a: f32, b: f32) -> f32 {
  return select(select(min(a, b), b, is_nan(b)), a, is_nan(a));
}
// pow for any base: WGSL's own is undefined for a negative one.
fn real_pow(a: f32, b: f32) -> f32 {
  let magnitude = select(pow(abs(a), b), 0.0, a == 0.0 && b > 0.0);
  let whole = b == floor(b);
  let odd = whole && (abs(b) * 0.5 != floor(abs(b) * 0.5));
  let signed = select(magnitude, -magnitude, a < 0.0 && odd);
  return select(select(signed, bitcast<f32>(0x7fc00000u + u32(abs(b) * 0.0)), a < 0.0 && !whole), 1.0, b == 0.0);
}
// ln(1 + e) for e in [0, 1]: 2 atanh(e / (2 + e)), its series cut where float32 ends.
fn log_one_plus(e: f32) -> f32 {
  let s = e / (2.0 + e);
  let q = s * s;
  return 2.0 * s * (1.0 + q * (1.0 / 3.0 + q * (0.2 + q * (1.0 / 7.0 + q * (1.0 / 9.0 + q * (1.0 / 11.0 + q / 13.0))))));
}
fn logistic(a: f32) -> f32 {
  let e = exp(-abs(a));
  return select(e, 1.0, a >= 0.0) / (1.0 + e);
}
fn softplus(a: f32) -> f32 {
  return max(a, 0.0) + log_one_plus(exp(-abs(a)));
}
fn hyperbolic_tangent(a: f32) -> f32 {
  let q = a * a;
  let small = a * (1.0 + q * (-1.0 / 3.0 + q * (2.0 / 15.0 + q * (-17.0 / 315.0 + q * (62.0 / 2835.0 - q * 1382.0 / 155925.0)))));
  let large = 1.0 - 2.0 / (exp(2.0 * min(abs(a), 20.0)) + 1.0);
  return select(select(large, -large, a < 0.0), small, abs(a) < 0.3);
}
// @end

fn combine(a: f32, b: f32) -> f32 {
  return a + b; // @expr combine
}

override COMPENSATED: u32 = 0u;

// The number itself; but that a compiler cannot know, and so cannot cancel what follows against what went before.
fn opaque(a: f32) -> f32 {
  return bitcast<f32>(bitcast<u32>(a) ^ params.zero);
}

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
  var total = x[base + chunk * params.inner];
  var error = 0.0;
  for (var r = chunk + params.chunks; r < params.length; r += params.chunks) {
    let next = x[base + r * params.inner];
    let more = opaque(combine(total, next));
    if (COMPENSATED == 1u) {
      // What rounding took from the sum (Knuth 1997, 4.2.2, theorem B).
      let added = opaque(more - total);
      error += (total - (more - added)) + (next - added);
    }
    total = more;
  }
  // Beside an infinity the error is NaN, and of no use.
  y[i] = select(total + error, total, is_nan(error)) * params.scale;
}
