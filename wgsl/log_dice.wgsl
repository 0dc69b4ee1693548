// From sums [batch, classes] of (p t, p^2, t^2, 0): terms [classes] = -weight * ln(mean over the batch of D), D = (2 sum p t + eps) /
// (sum p^2 + sum t^2 + eps); and slopes [batch, classes] (a, b), so that the gradient of p is a t + b p. An invocation a class.
struct Params {
  batch: u32,
  classes: u32,
  eps: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> sums: array<vec4f>;
@group(0) @binding(2) var<storage, read> weights: array<f32>;
@group(0) @binding(3) var<storage, read_write> terms: array<f32>;
@group(0) @binding(4) var<storage, read_write> slopes: array<vec2f>;

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
// @include lib/losses.wgsl
// Logarithms that keep their digits near 1, where WGSL's log has none to spare. They need lib/math.wgsl.
// ln(1 + r) for r of at least -1; at -1 a number far down instead of -infinity.
fn log_shifted(r: f32) -> f32 {
  return select(log(max(1.0 + r, 1e-37)), log_one_plus(r), r > -0.5 && r <= 1.0);
}
fn log_exact(a: f32) -> f32 {
  return select(log(max(a, 1e-37)), log_one_plus(a - 1.0), a > 0.5 && a <= 2.0);
}
// ln a for a probability, at least -100.
fn log_share(a: f32) -> f32 {
  return select(log_exact(a), -100.0, a <= 0.0);
}
// exp(t) - 1 for t of at least 0.
fn exp_less_one(t: f32) -> f32 {
  let h = hyperbolic_tangent(0.5 * min(t, 0.5));
  return select(exp(t) - 1.0, 2.0 * h / (1.0 - h), t < 0.5);
}
// One entry of the Jensen-Shannon divergence, by r = (a - b) / (a + b); its series where the two logarithms would cancel.
fn js_term(a: f32, b: f32) -> f32 {
  let s = max(a + b, 1e-30);
  let r = (a - b) / s;
  let q = r * r;
  let near = q * (1.0 + q * (1.0 / 6.0 + q * (1.0 / 15.0 + q * (1.0 / 28.0 + q * (1.0 / 45.0 + q / 66.0)))));
  let far = (2.0 * a / s) * log_shifted(r) + (2.0 * b / s) * log_shifted(-r);
  return 0.25 * (a + b) * select(far, near, q < 0.0625);
}
// Its derivative with respect to a.
fn js_slope(a: f32, b: f32) -> f32 {
  let s = max(a + b, 1e-30);
  let r = (a - b) / s;
  return 0.5 * select(log_exact(2.0 * a / s), log_shifted(r), r > -0.5);
}
// @end

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let c = id.x;
  if (c >= params.classes) {
    return;
  }
  var total = 0.0;
  for (var n = 0u; n < params.batch; n++) {
    let s = sums[n * params.classes + c];
    total += (2.0 * s.x + params.eps) / (s.y + s.z + params.eps);
  }
  let mean = total / f32(params.batch);
  let weight = weights[c];
  terms[c] = select(-weight * log_exact(mean), total, is_nan(total));
  let share = -weight / (mean * f32(params.batch));
  for (var n = 0u; n < params.batch; n++) {
    let s = sums[n * params.classes + c];
    let below = s.y + s.z + params.eps;
    let above = 2.0 * s.x + params.eps;
    slopes[n * params.classes + c] = share * vec2f(2.0 / below, -2.0 * above / (below * below));
  }
}
