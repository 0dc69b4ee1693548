import package::lib::math::{logOnePlus, hyperbolicTangent};

// Logarithms that keep their digits near 1, where WGSL's log has none to spare.
// ln(1 + r) for r of at least -1; at -1 a number far down instead of -infinity.
fn logShifted(r: f32) -> f32 {
  return select(log(max(1.0 + r, 1e-37)), logOnePlus(r), r > -0.5 && r <= 1.0);
}
fn logExact(a: f32) -> f32 {
  return select(log(max(a, 1e-37)), logOnePlus(a - 1.0), a > 0.5 && a <= 2.0);
}
// ln a for a probability, at least -100.
fn logShare(a: f32) -> f32 {
  return select(logExact(a), -100.0, a <= 0.0);
}
// exp(t) - 1 for t of at least 0.
fn expLessOne(t: f32) -> f32 {
  let h = hyperbolicTangent(0.5 * min(t, 0.5));
  return select(exp(t) - 1.0, 2.0 * h / (1.0 - h), t < 0.5);
}
// One entry of the Jensen-Shannon divergence, by r = (a - b) / (a + b); its series where the two logarithms would cancel.
fn jsTerm(a: f32, b: f32) -> f32 {
  let s = max(a + b, 1e-30);
  let r = (a - b) / s;
  let q = r * r;
  let near = q * (1.0 + q * (1.0 / 6.0 + q * (1.0 / 15.0 + q * (1.0 / 28.0 + q * (1.0 / 45.0 + q / 66.0)))));
  let far = (2.0 * a / s) * logShifted(r) + (2.0 * b / s) * logShifted(-r);
  return 0.25 * (a + b) * select(far, near, q < 0.0625);
}
// Its derivative with respect to a.
fn jsSlope(a: f32, b: f32) -> f32 {
  let s = max(a + b, 1e-30);
  let r = (a - b) / s;
  return 0.5 * select(logExact(2.0 * a / s), logShifted(r), r > -0.5);
}
