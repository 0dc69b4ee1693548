// y = f(a, b) * g * scale, times its weight, over n entries, a range of all: g holds one number for all
// entries (PER 0), one for each run of `length` (PER 1), or one for each of the n (PER 2). An invocation takes four, 64 apart.
struct Params {
  n: u32,
  g_first: u32, // where the range begins, for g by runs
  w_first: u32, // where it begins, for weights by spans
  length: u32,
  span: u32, // entries that share a weight
  p0: f32,
  p1: f32,
  scale: f32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read> b: array<f32>;
@group(0) @binding(3) var<storage, read> w: array<f32>;
@group(0) @binding(4) var<storage, read> g: array<f32>;
@group(0) @binding(5) var<storage, read_write> y: array<f32>;

override WEIGHTED: u32 = 0u;
override PER: u32 = 0u;

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

fn f(a: f32, b: f32, p0: f32, p1: f32) -> f32 {
  return (a - b) * (p0 + p1); // @expr f
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32, @builtin(num_workgroups) groups: vec3u) {
  let start = (group.y * groups.x + group.x) * 256u + lane;
  var factor = g[0] * params.scale;
  for (var i = start; i < min(start + 256u, params.n); i += 64u) {
    if (PER == 1u) {
      factor = g[(params.g_first + i) / params.length] * params.scale;
    } else if (PER == 2u) {
      factor = g[i] * params.scale;
    }
    var slope = f(a[i], b[i], params.p0, params.p1) * factor;
    if (WEIGHTED == 1u) {
      let weight = w[(params.w_first + i) / params.span];
      slope = select(weight * slope, 0.0, weight == 0.0);
    }
    y[i] = slope;
  }
}
