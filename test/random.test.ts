import { expect, test } from "vitest";
import { ConfigError } from "../src/errors.ts";
import { Random, threefry2x32 } from "../src/random.ts";

// Known answers of Threefry-2x32, 20 rounds: kat_vectors of the authors' Random123 distribution.
test("Threefry-2x32-20 gives the authors' known answers", () => {
  const out = new Uint32Array(2);
  threefry2x32(0, 0, 0, 0, out);
  expect([...out]).toEqual([0x6b200159, 0x99ba4efe]);
  threefry2x32(0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, out);
  expect([...out]).toEqual([0x1cb996fc, 0xbb002be7]);
  threefry2x32(0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3, out);
  expect([...out]).toEqual([0xc4923a9c, 0x483df7a0]);
});

test("a stream goes on from its state, and forks do not depend on what was drawn", () => {
  const a = new Random(42);
  const early = a.fork("x").uint32();
  const drawn = [a.uint32(), a.uint32(), a.uint32()];
  const b = new Random(a.state());
  expect(b.uint32()).toBe(a.uint32());
  expect(a.fork("x").uint32()).toBe(early);
  expect(a.fork("y").uint32()).not.toBe(early);
  expect(new Set(drawn).size).toBe(3);
});

test("uniform, normal and integer have the right moments", () => {
  const r = new Random(7);
  const n = 20000;
  const u = Array.from({ length: n }, () => r.uniform(-1, 3));
  const g = Array.from({ length: n }, () => r.normal(2, 0.5));
  const mean = (v: number[]) => v.reduce((a, b) => a + b) / v.length;
  expect(mean(u)).toBeCloseTo(1, 1);
  expect(Math.min(...u)).toBeGreaterThanOrEqual(-1);
  expect(Math.max(...u)).toBeLessThan(3);
  expect(mean(g)).toBeCloseTo(2, 1);
  expect(Math.sqrt(mean(g.map((v) => (v - 2) ** 2)))).toBeCloseTo(0.5, 1);
  const counts = [0, 0, 0];
  for (let i = 0; i < n; i++) counts[r.integer(3)]++;
  for (const c of counts) expect(Math.abs(c / n - 1 / 3)).toBeLessThan(0.02);
  expect([...r.shuffle([1, 2, 3, 4, 5])].sort()).toEqual([1, 2, 3, 4, 5]);
});

test.each([-1, 1.5, Number.NaN, 2 ** 53])("seed %s is refused by an error of the library", (seed) => {
  expect(() => new Random(seed)).toThrow(ConfigError);
});
