// Resampling along one axis from `size` to `out` entries. The source of target t is the fraction (t * mul + add) / den, in
// whole numbers so that no rounding moves it. CUBIC: four taps of the cubic convolution with a = -0.75; else the two of
// linear interpolation, with the source held inside. Taps beyond an end take the entry there.
override CUBIC: u32 = 0u;
struct Axis {
  mul: i32,
  add: i32,
  den: i32,
  size: i32,
  out: i32,
}
struct Taps {
  at: vec4i,
  weight: vec4f,
}
// Cubic convolution at a distance of at most 1, and from 1 to 2.
fn cubicNear(d: f32) -> f32 {
  return ((1.25 * d - 2.25) * d) * d + 1.0;
}
fn cubicFar(d: f32) -> f32 {
  return ((-0.75 * d + 3.75) * d - 6.0) * d + 3.0;
}
fn tapsOf(a: Axis, t: i32) -> Taps {
  if (CUBIC == 1u) {
    let source = t * a.mul + a.add + a.den; // one entry on, so that it is not negative
    let low = source / a.den - 1;
    let f = f32(source - (low + 1) * a.den) / f32(a.den);
    let at = clamp(vec4i(low - 1, low, low + 1, low + 2), vec4i(0), vec4i(a.size - 1));
    return Taps(at, vec4f(cubicFar(1.0 + f), cubicNear(f), cubicNear(1.0 - f), cubicFar(2.0 - f)));
  }
  let source = clamp(t * a.mul + a.add, 0, (a.size - 1) * a.den);
  let low = source / a.den;
  let f = f32(source - low * a.den) / f32(a.den);
  return Taps(vec4i(low, min(low + 1, a.size - 1), 0, 0), vec4f(1.0 - f, f, 0.0, 0.0));
}
