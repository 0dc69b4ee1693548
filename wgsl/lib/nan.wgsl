import package::lib::math::isNan;

// exp and log that hand a NaN on, and log that makes one of what is below 0; SwiftShader's own make a number of it.
fn expOrNan(a: f32) -> f32 {
  return select(exp(a), a, isNan(a));
}
fn logOrNan(a: f32) -> f32 {
  let bits = bitcast<u32>(a);
  return select(log(a), bitcast<f32>(bits | 0x7fc00000u), bits > 0x7f800000u && bits != 0x80000000u);
}
