import package::lib::math::{isNan, realPow};
import package::lib::nan::logOrNan;

// The derivatives of a to the power b, as PyTorch has them: 0 by a where b is 0; by b at 0 where that is a limit.
fn powByBase(a: f32, b: f32) -> f32 {
  return select(b * realPow(a, b - 1.0), 0.0, b == 0.0);
}
fn powByExponent(a: f32, b: f32) -> f32 {
  return select(realPow(a, b) * logOrNan(a), 0.0, (a == 0.0) & (b >= 0.0) & !isNan(b));
}
