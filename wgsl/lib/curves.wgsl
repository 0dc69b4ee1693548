import package::lib::math::{isNan, logistic};

// sin and cos for any argument, and the curves around the exponential and the normal distribution; after lib/math.wgsl.

// High word of a (below 2^24) times b.
fn highWord(a: u32, b: u32) -> u32 {
  let ah = a >> 16u;
  let al = a & 0xffffu;
  let bh = b >> 16u;
  let bl = b & 0xffffu;
  let middle = ((al * bl) >> 16u) + ((ah * bl) & 0xffffu) + ((al * bh) & 0xffffu);
  return ah * bh + ((ah * bl) >> 16u) + ((al * bh) >> 16u) + (middle >> 16u);
}
// Sine of a + turn quarter turns. The argument times 2 / pi is worked out in integers, with as many of the bits of 2 / pi as
// its exponent asks for (Payne and Hanek 1983): right for every float32, and nothing a compiler may reorder.
fn circle(a: f32, turn: u32) -> f32 {
  let bits = bitcast<u32>(a);
  let exponent = (bits >> 23u) & 0xffu;
  let mantissa = (bits & 0x7fffffu) | 0x800000u;
  let start = max(exponent, 126u) - 120u; // first of the 96 bits of 0 . 2/pi that matter modulo 4; 6 to 135
  let word = start >> 5u;
  let a0 = select(0u, 0xf534ddc0u, word == 4u);
  let a1 = select(0xa2f9836eu, 0xdb629599u, word == 4u);
  let a2 = select(0x4e441529u, 0x3c439041u, word == 4u);
  let a3 = select(0xfc2757d1u, 0xfe5163abu, word == 4u);
  let two = (word & 2u) != 0u;
  let b0 = select(a0, a2, two);
  let b1 = select(a1, a3, two);
  let b2 = select(a2, 0xf534ddc0u, two);
  let b3 = select(a3, 0xdb629599u, two);
  let b4 = select(0xf534ddc0u, 0x3c439041u, two);
  let one = (word & 1u) != 0u;
  let c0 = select(b0, b1, one);
  let c1 = select(b1, b2, one);
  let c2 = select(b2, b3, one);
  let c3 = select(b3, b4, one);
  let left = start & 31u;
  let right = (32u - left) & 31u;
  let h0 = select((c0 << left) | (c1 >> right), c0, left == 0u);
  let h1 = select((c1 << left) | (c2 >> right), c1, left == 0u);
  let h2 = select((c2 << left) | (c3 >> right), c2, left == 0u);
  let low = mantissa * h1;
  let middle = low + highWord(mantissa, h2);
  let high = mantissa * h0 + highWord(mantissa, h1) + select(0u, 1u, middle < low);
  // The upper two bits count quarter turns, the others are a part of one; more than half of it is less than nothing of the next.
  let fHigh = (high << 2u) | (middle >> 30u);
  let fLow = middle << 2u;
  let past = fHigh >= 0x80000000u;
  let mHigh = select(fHigh, select(~fHigh, 0u - fHigh, fLow == 0u), past);
  let mLow = select(fLow, 0u - fLow, past);
  let empty = mHigh == 0u;
  let top = select(mHigh, mLow, empty);
  let rest = select(mLow, 0u, empty);
  let zeros = min(countLeadingZeros(top), 31u);
  let normal = (top << zeros) | select(rest >> (32u - max(zeros, 1u)), 0u, zeros == 0u);
  let scale = bitcast<f32>((103u - zeros - select(0u, 32u, empty)) << 23u);
  let part = f32(i32(normal >> 8u)) * scale * 1.5707963267948966;
  let small = exponent < 126u; // below 1/2: no quarter turn, and every bit of the argument
  let r = select(select(part, -part, past), abs(a), small);
  let quarter = select((high >> 30u) + select(0u, 1u, past), 0u, small) + turn;
  let q = r * r;
  let s = r * (1.0 + q * (-1.0 / 6.0 + q * (1.0 / 120.0 + q * (-1.0 / 5040.0 + q / 362880.0))));
  let c = 1.0 + q * (-0.5 + q * (1.0 / 24.0 + q * (-1.0 / 720.0 + q * (1.0 / 40320.0 - q / 3628800.0))));
  let value = select(s, c, (quarter & 1u) != 0u);
  // sin(-a) = -sin(a), cos(-a) = cos(a)
  let negative = ((quarter & 2u) != 0u) != ((bits >> 31u) != 0u && turn == 0u);
  return select(select(value, -value, negative), bitcast<f32>(bits | 0x7fc00000u), exponent == 255u);
}
fn sine(a: f32) -> f32 {
  return circle(a, 0u);
}
fn cosine(a: f32) -> f32 {
  return circle(a, 1u);
}
// exp(a) - 1: its series where the difference would lose digits.
fn expMinusOne(a: f32) -> f32 {
  let small = a * (1.0 + a * (0.5 + a * (1.0 / 6.0 + a * (1.0 / 24.0 + a * (1.0 / 120.0 + a * (1.0 / 720.0 + a / 5040.0))))));
  return select(select(exp(a) - 1.0, small, abs(a) < 0.35), a, isNan(a));
}
// exp(-a^2 / 2); the square in two parts, because an error of it is an error of the result's digits.
fn gaussian(a: f32) -> f32 {
  let z = min(abs(a), 16.0);
  let front = bitcast<f32>(bitcast<u32>(z) & 0xfffff000u);
  return exp(-0.5 * front * front) * exp(-0.5 * (z - front) * (z + front));
}
// Share of the normal distribution below a. The tail is exp(-z^2 / 2) t P(t), t = 1 / (1 + 0.34 z), P fitted to erfcx for
// the least relative error up to z = 14.5, 3.4e-8: a small tail has all its digits.
fn normalBelow(a: f32) -> f32 {
  let t = 1.0 / (1.0 + 0.34 * min(abs(a), 16.0));
  let p = 0.1356215775 + t * (0.1360922307 + t * (0.1153516769 + t * (0.1147137135 + t * (-0.0431065857 + t * (0.1997180879 +
    t * (-0.27087152 + t * (0.1383573115 - t * 0.0258764904)))))));
  let tail = gaussian(a) * t * p;
  return select(1.0 - tail, tail, a < 0.0);
}
fn gelu(a: f32) -> f32 {
  return select(a * normalBelow(a), a, isNan(a));
}
fn geluSlope(a: f32) -> f32 {
  return select(normalBelow(a) + a * gaussian(a) * 0.3989422804, a, isNan(a));
}
// 2 sqrt(2 / pi) (a + 0.044715 a^3), and its derivative
fn geluInner(a: f32) -> f32 {
  return 1.5957691216 * a * (1.0 + 0.044715 * a * a);
}
fn geluTanh(a: f32) -> f32 {
  return select(a * logistic(geluInner(a)), a, isNan(a));
}
fn geluTanhSlope(a: f32) -> f32 {
  let b = geluInner(a);
  let s = logistic(b);
  let bend = s * logistic(-b);
  // far out, where bend is 0, the factor beside it may be infinite
  return select(s + select(a * bend * 1.5957691216 * (1.0 + 0.134145 * a * a), 0.0, bend == 0.0), a, isNan(a));
}
// exp(-a^2), the square in two parts as above.
fn bell(a: f32) -> f32 {
  let z = min(abs(a), 16.0);
  let front = bitcast<f32>(bitcast<u32>(z) & 0xfffff000u);
  return exp(-front * front) * exp(-(z - front) * (z + front));
}
// The error function: its series up to 1, where the next term is below 2e-8 of it; beyond, 1 less both tails.
fn errorFunction(a: f32) -> f32 {
  let q = min(a * a, 1.0);
  let small = a * (1.1283791671 + q * (-0.3761263890 + q * (0.1128379167 + q * (-0.0268661706 + q * (0.0052239776 +
    q * (-0.0008548327 + q * (0.0001205533 + q * (-0.0000149257 + q * (0.0000016462 - q * 0.0000001637)))))))));
  let large = 1.0 - 2.0 * normalBelow(-1.4142135624 * abs(a));
  return select(select(select(large, -large, a < 0.0), small, abs(a) < 1.0), a, isNan(a));
}
fn errorSlope(a: f32) -> f32 {
  return select(1.1283791671 * bell(a), a, isNan(a));
}
