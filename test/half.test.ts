import { expect, test } from "vitest";
import { floatFromHalf, floatsFromHalves, halfMax, halvesFromFloats } from "../src/half.ts";

const half = (v: number): number => halvesFromFloats(Float32Array.of(v))[0];

test("every half goes to float32 and back", () => {
  const all = Uint16Array.from({ length: 65_536 }, (_, i) => i);
  const back = halvesFromFloats(floatsFromHalves(all));
  for (const bits of all) {
    const nan = (bits & 0x7fff) > 0x7c00;
    expect(nan ? back[bits] & 0x7fff : back[bits], `${bits}`).toBe(nan ? 0x7e00 : bits);
  }
});

test("a number becomes the nearest half, of two equally near the even one", () => {
  // Neighbors by their bits, below infinity: between each two the middle, and what lies just beside it.
  const numbers = new Float32Array(1);
  const words = new Uint32Array(numbers.buffer);
  for (let bits = 0; bits < 0x7c00; bits++) {
    const [low, high] = [floatFromHalf(bits), bits === 0x7bff ? 65_536 : floatFromHalf(bits + 1)];
    numbers[0] = (low + high) / 2;
    expect(half(numbers[0])).toBe(bits % 2 === 0 ? bits : bits + 1);
    expect(half(-numbers[0])).toBe((bits % 2 === 0 ? bits : bits + 1) | 0x8000);
    words[0]--;
    expect(half(numbers[0])).toBe(bits);
    words[0] += 2;
    expect(half(numbers[0])).toBe(bits + 1);
  }
});

test("the ends of the range", () => {
  expect(floatFromHalf(half(halfMax))).toBe(65_504);
  expect(half(65_519)).toBe(0x7bff);
  expect(half(65_520)).toBe(0x7c00);
  expect(half(Number.NEGATIVE_INFINITY)).toBe(0xfc00);
  expect(half(Number.NaN)).toBe(0x7e00);
  expect(Object.is(floatFromHalf(half(-0)), -0)).toBe(true);
  expect(half(1e-30)).toBe(0);
  expect(half(2 ** -24)).toBe(1);
});
