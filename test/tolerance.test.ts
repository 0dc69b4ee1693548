import { describe, expect, test } from "vitest";
import { ref } from "./ops/common/ref.ts";
import { compare, tolerance } from "./ops/common/tolerance.ts";
import { ops } from "./ops/index.ts";

const wanted = (...values: number[]) => Float64Array.from(values);
const lavapipe = { swiftshader: false };

describe("compare", () => {
  test("gives the largest error in parts of its tolerance, and where", () => {
    expect(compare([1, 2.5, 3], wanted(1, 2, 2), Float64Array.of(1, 1, 4))).toEqual({ worst: 0.5, index: 1 });
    expect(compare([1, 2.5], wanted(1, 2), 0.25)).toEqual({ worst: 2, index: 1 });
  });

  test("an exact result may not differ at all", () => {
    expect(compare([1], wanted(1), 0).worst).toBe(0);
    expect(compare([1 + 2 ** -40], wanted(1), 0).worst).toBe(Number.POSITIVE_INFINITY);
  });

  test("NaN and infinity are right only where they are wanted", () => {
    expect(compare([Number.NaN, Number.POSITIVE_INFINITY], wanted(Number.NaN, Number.POSITIVE_INFINITY), 1).worst).toBe(
      0,
    );
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
      expect(compare([0, bad, 0], wanted(0, 1, 0), 1e30)).toEqual({ worst: Number.POSITIVE_INFINITY, index: 1 });
    expect(compare([0], wanted(Number.NaN), 1).worst).toBe(Number.POSITIVE_INFINITY);
  });

  test("subnormals are zeros, other small numbers are not", () => {
    expect(compare([0, 1e-39], wanted(1e-39, 0), 0).worst).toBe(0);
    expect(compare([0], wanted(2e-38), 1e-43).worst).toBe(0);
    expect(compare([0], wanted(1e-37), 1e-43).worst).toBeGreaterThan(1);
  });

  test("a result of another length is wrong", () => {
    expect(compare([1, 2], wanted(1), 1).worst).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("tolerance", () => {
  const x = ref([4], [1, -2, 3, 0.5]);

  test("a sum of K terms has 1e-5 * sqrt(K) * the largest, and no floor", () => {
    const attrs = { axes: [0], keepdim: false };
    expect(Array.from(tolerance(ops.sum, attrs, [x], ref([], [2.5]), "forward", lavapipe) as Float64Array)).toEqual([
      1e-5 * 2 * 3,
    ]);
    const tiny = ref(
      [4],
      x.data.map((v) => v * 1e-20),
    );
    expect((tolerance(ops.sum, attrs, [tiny], ref([], [2.5e-20]), "forward", lavapipe) as Float64Array)[0]).toBeCloseTo(
      6e-25,
      30,
    );
  });

  test("a product sum has sqrt(K) * max|a| * max|b|", () => {
    const [a, b] = [ref([1, 4], x.data), ref([4, 1], [10, 0, 0, -1])];
    const attrs = { transpose_a: false, transpose_b: false };
    expect(tolerance(ops.matmul, attrs, [a, b], ref([1, 1], [9.5]), "forward", lavapipe)).toBeCloseTo(
      1e-5 * 2 * 3 * 10,
      12,
    );
  });

  test("a transcendental is coarser on SwiftShader, a product is not", () => {
    const first = (op: string, swiftshader: boolean) =>
      (tolerance(ops[op], {}, [x], x, "forward", { swiftshader }) as Float64Array)[1];
    expect([first("exp", false), first("exp", true)]).toEqual([1e-5 * 2, 5e-5 * 2]);
    expect([first("square", false), first("square", true)]).toEqual([1e-5 * 2, 1e-5 * 2]);
  });
});
