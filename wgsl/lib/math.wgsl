// Functions that WGSL lacks, or that drivers compute too coarsely for small arguments.
fn isNan(a: f32) -> bool {
  return (bitcast<u32>(a) & 0x7fffffffu) > 0x7f800000u; // "a != a" is folded away by drivers
}
fn nanMax(a: f32, b: f32) -> f32 {
  return select(select(max(a, b), b, isNan(b)), a, isNan(a));
}
fn nanMin(a: f32, b: f32) -> f32 {
  return select(select(min(a, b), b, isNan(b)), a, isNan(a));
}
// pow for any base: WGSL's own is undefined for a negative one.
fn realPow(a: f32, b: f32) -> f32 {
  let magnitude = select(pow(abs(a), b), 0.0, a == 0.0 && b > 0.0);
  let whole = b == floor(b);
  let odd = whole && (abs(b) * 0.5 != floor(abs(b) * 0.5));
  let signed = select(magnitude, -magnitude, a < 0.0 && odd);
  return select(select(signed, bitcast<f32>(0x7fc00000u + u32(abs(b) * 0.0)), a < 0.0 && !whole), 1.0, b == 0.0);
}
// ln(1 + e) for e in [0, 1]: 2 atanh(e / (2 + e)), its series cut where float32 ends.
fn logOnePlus(e: f32) -> f32 {
  let s = e / (2.0 + e);
  let q = s * s;
  return 2.0 * s * (1.0 + q * (1.0 / 3.0 + q * (0.2 + q * (1.0 / 7.0 + q * (1.0 / 9.0 + q * (1.0 / 11.0 + q / 13.0))))));
}
fn logistic(a: f32) -> f32 {
  let e = exp(-abs(a));
  return select(e, 1.0, a >= 0.0) / (1.0 + e);
}
fn softplus(a: f32) -> f32 {
  return max(a, 0.0) + logOnePlus(exp(-abs(a)));
}
fn hyperbolicTangent(a: f32) -> f32 {
  let q = a * a;
  let small = a * (1.0 + q * (-1.0 / 3.0 + q * (2.0 / 15.0 + q * (-17.0 / 315.0 + q * (62.0 / 2835.0 - q * 1382.0 / 155925.0)))));
  let large = 1.0 - 2.0 / (exp(2.0 * min(abs(a), 20.0)) + 1.0);
  return select(select(large, -large, a < 0.0), small, abs(a) < 0.3);
}
