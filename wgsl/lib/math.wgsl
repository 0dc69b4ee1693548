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
// a to the power b as IEEE 754 has it (pow of its clause 9.2), for any base. Drivers' own ends at ordinary numbers: it is undefined
// for a base below 0, and the others assume that nothing is infinite or NaN. So the special cases are told by their bits, and
// the choices are made by & and |: && and || branch, which takes SwiftShader half a minute to compile in four lanes.
fn realPow(a: f32, b: f32) -> f32 {
  let sizeA = bitcast<u32>(a) & 0x7fffffffu;
  let sizeB = bitcast<u32>(b) & 0x7fffffffu;
  let large = sizeB >= 0x4b800000u; // 2^24 and more: all even, infinity too
  let half = abs(b) * 0.5;
  let whole = large | (b == floor(b));
  let odd = whole & !large & (half != floor(half));
  let upwards = (sizeA > 0x3f800000u) == (bitcast<u32>(b) < 0x80000000u); // where a growing |b| leads
  let far = (sizeA == 0u) | (sizeA == 0x7f800000u) | (sizeB == 0x7f800000u);
  let end = bitcast<f32>(select(0u, 0x7f800000u, upwards));
  // Beside 1 to any power, a itself to the power 1: drivers take the largest number to infinity.
  let size = select(select(pow(abs(a), b), end, far), abs(a), (sizeA == 0x3f800000u) | (b == 1.0));
  let signed = select(size, -size, (bitcast<u32>(a) > 0x7fffffffu) & odd);
  let undefined = (max(sizeA, sizeB) > 0x7f800000u) | ((a < 0.0) & !whole & (sizeA < 0x7f800000u));
  let one = (sizeB == 0u) | (bitcast<u32>(a) == 0x3f800000u);
  return select(select(signed, bitcast<f32>(sizeB | 0x7fc00000u), undefined), 1.0, one);
}
// What of the gradient of max(a, b) is a's, of min(-a, -b) too: half where they are equal; all beside a NaN, as PyTorch has it.
fn shareOfMax(a: f32, b: f32) -> f32 {
  return select(select(select(1.0, 0.5, a == b), 0.0, a < b), 1.0, isNan(a) | isNan(b));
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
  return select(select(select(large, -large, a < 0.0), small, abs(a) < 0.3), a, isNan(a));
}
