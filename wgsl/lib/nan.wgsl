import package::lib::math::isNan;

// exp and log that hand a NaN on; SwiftShader's own make a number of it.
fn expOrNan(a: f32) -> f32 {
  return select(exp(a), a, isNan(a));
}
fn logOrNan(a: f32) -> f32 {
  return select(log(a), a, isNan(a));
}
