import package::lib::nan::expOrNan;

// What a cross-entropy needs of logits z and targets y: (largest z = m, sum of exp(z - m), sum of y, sum of y * (z - m)). It
// begins with no entry; the lowest number in place of an infinity, so that infinities do not meet in a difference.
const noScores = vec4f(-3.4028234e38, 0.0, 0.0, 0.0);

// A class of logit -infinity that has no target adds nothing: 0 times an infinity would be NaN.
fn weighed(share: f32, x: f32) -> f32 {
  return select(share * x, 0.0, share == 0.0);
}
fn withEntry(s: vec4f, z: f32, y: f32) -> vec4f {
  let e = expOrNan(-abs(z - s.x));
  let total = select(s.y + e, s.y * e + 1.0, z > s.x);
  let score = s.w - weighed(s.z, max(z - s.x, 0.0)) + weighed(y, min(z - s.x, 0.0));
  return vec4f(max(s.x, z), total, s.z + y, score);
}
fn joinScores(a: vec4f, b: vec4f) -> vec4f {
  let top = max(a.x, b.x);
  let total = a.y * expOrNan(a.x - top) + b.y * expOrNan(b.x - top);
  return vec4f(top, total, a.z + b.z, a.w - weighed(a.z, top - a.x) + b.w - weighed(b.z, top - b.x));
}
// The sum of exp(z - m) of all entries: NaN where a logit is infinite, or all are -infinity, as softmax has it.
fn totalOf(s: vec4f) -> f32 {
  let top = bitcast<u32>(s.x);
  return select(s.y, bitcast<f32>(top | 0x7fc00000u), top == 0x7f800000u || s.y == 0.0);
}
