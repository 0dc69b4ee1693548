/**
 * IEEE 754 half precision (binary16) on the host, where a number is the 16 bits that hold it: no platform that this package
 * runs on is sure to have Float16Array. This file imports nothing, so every floor and tower may use it.
 */

/** The largest finite half; what would round to more is infinite. */
export const halfMax = 65504;

/** The number that the bits of a half stand for. */
export const floatFromHalf = (bits: number): number => {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
};

let all: Float32Array | undefined;

/** Float32 numbers from halves: exact. */
export function floatsFromHalves(bits: Uint16Array): Float32Array {
  // A table of every half is made once, which is thirty times as fast.
  all ??= Float32Array.from({ length: 65_536 }, (_, i) => floatFromHalf(i));
  const out = new Float32Array(bits.length);
  for (let i = 0; i < bits.length; i++) out[i] = all[bits[i]];
  return out;
}

/** Float32 numbers as halves, each the nearest, of two equally near the even one; beyond the range infinity, NaN a quiet NaN. */
export function halvesFromFloats(numbers: Float32Array): Uint16Array {
  const words = new Uint32Array(numbers.buffer, numbers.byteOffset, numbers.length);
  const out = new Uint16Array(words.length);
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    const sign = (word >>> 16) & 0x8000;
    const size = word & 0x7fffffff;
    if (size >= 0x38800000)
      // 2^-14 and more, a normal half: 13 bits go, and a carry may run up to infinity.
      out[i] = sign | halfFromNormal(size);
    // Below, halves are multiples of 2^-24. Doubles at 2^28 are too, and rounding to nearest even is what adding does.
    else out[i] = sign | ((Math.abs(numbers[i]) + 2 ** 28 - 2 ** 28) * 2 ** 24);
  }
  return out;
}

function halfFromNormal(size: number): number {
  if (size > 0x7f800000) return 0x7e00;
  const rounded = size + 0xfff + ((size >>> 13) & 1);
  return rounded >= 0x47800000 ? 0x7c00 : (rounded - 0x38000000) >>> 13;
}
