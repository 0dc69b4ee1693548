/** Integer tensors in arithmetic, comparisons, where and reductions: exact where float32 would round, of both kinds. */
import { describe, expect, test } from "vitest";
import { DTypeError } from "../../src/errors.ts";
import * as T from "../../src/tensor/index.ts";
import { testDevice } from "../harness/device.ts";

const device = await testDevice();
const i32 = (data: number[], shape?: number[]) => T.tensor(device, Int32Array.from(data), shape);
const u32 = (data: number[], shape?: number[]) => T.tensor(device, Uint32Array.from(data), shape);
const read = async (t: T.Tensor) => [t.dtype, ...(t.dtype === "f32" ? await t.data() : await t.integers())];

const large = 16777217; // float32 has no such number

describe("elementwise", () => {
  const a = i32([large, -3, 5, -2147483648]);
  const b = i32([1, 4, 5, 1]);
  test.each<[string, T.Tensor, (string | number)[]]>([
    ["add", T.add(a, b), ["i32", large + 1, 1, 10, -2147483647]],
    ["sub wraps", T.sub(a, b), ["i32", large - 1, -7, 0, 2147483647]],
    ["mul", T.mul(a, b), ["i32", large, -12, 25, -2147483648]],
    ["maximum", T.maximum(a, b), ["i32", large, 4, 5, 1]],
    ["minimum", T.minimum(a, b), ["i32", 1, -3, 5, -2147483648]],
    ["a number second", T.sub(a, large), ["i32", 0, -3 - large, 5 - large, 2130706431]],
    ["a number first", T.sub(large, a), ["i32", 0, large + 3, large - 5, -2130706431]],
    ["a negative number", T.mul(b, -7), ["i32", -7, -28, -35, -7]],
    ["u32", T.add(u32([4294967295, 7]), u32([1, 2])), ["u32", 0, 9]],
    ["u32 maximum", T.maximum(u32([4294967295, 7]), 8), ["u32", 4294967295, 8]],
    ["u32 with its largest number", T.minimum(u32([4294967295, 7]), 4294967295), ["u32", 4294967295, 7]],
    ["broadcast", T.add(i32([1, 2], [2, 1]), i32([10, 20, 30])), ["i32", 11, 21, 31, 12, 22, 32]],
    ["eq", T.eq(a, i32([large - 1, -3, 5, 0])), ["f32", 0, 1, 1, 0]],
    ["ne", a.ne(b), ["f32", 1, 1, 0, 1]],
    ["lt, signed", T.lt(a, b), ["f32", 0, 1, 0, 1]],
    ["lt, unsigned", T.lt(u32([4294967295, 1]), 2), ["f32", 0, 1]],
    ["ge a number", T.ge(a, -3), ["f32", 1, 1, 1, 0]],
    ["le", T.le(a, b), ["f32", 0, 1, 1, 1]],
    ["gt", T.gt(a, b), ["f32", 1, 0, 0, 0]],
    ["nothing", T.add(i32([]), i32([])), ["i32"]],
  ])("%s", async (_, t, want) => {
    expect(await read(t)).toEqual(want);
  });

  test("where takes them for the condition and for the values", async () => {
    const x = T.tensor(device, [1.5, 2.5, 3.5, 4.5]);
    expect(await read(T.where(i32([0, 1, -1, 0]), x, 0))).toEqual(["f32", 0, 2.5, 3.5, 0]);
    expect(await read(T.where(T.gt(a, 0), a, -1))).toEqual(["i32", large, -1, 5, -1]);
    expect(await read(T.where(i32([0, 1, 0, 1]), 4294967295, u32([1, 2, 3, 4])))).toEqual([
      "u32",
      ...[1, 4294967295, 3, 4294967295],
    ]);
    expect(await read(T.where(i32([1, 0]), 2, 3))).toEqual(["f32", 2, 3]);
    const y = T.tensor(device, [1, 2]).requireGrad();
    T.where(u32([1, 0]), y, 0)
      .sum()
      .backward();
    expect([...(await y.grad!.data())]).toEqual([1, 0]);
    expect(() => T.where(a, a, u32([1]))).toThrow("where: a [4] holds i32 and b [1] u32");
    expect(() => T.where(a, a, 1.5)).toThrow(DTypeError);
  });

  test("refuse other kinds beside them, and what they do not hold", () => {
    expect(() => T.add(a, T.tensor(device, [1]))).toThrow(
      "add: a [4] holds i32 and b [1] f32; make them one with cast",
    );
    expect(() => T.add(T.tensor(device, [1]), a)).toThrow("add: a [1] holds f32 and b [4] i32");
    expect(() => T.add(a, u32([1]))).toThrow(DTypeError);
    expect(() => T.add(a, 0.5)).toThrow("add: 0.5 beside a tensor of i32, which holds whole numbers");
    expect(() => T.sub(-1, u32([1]))).toThrow("sub: -1 beside a tensor of u32");
    expect(() => T.div(a, b)).toThrow('div: input 0 [4] holds i32, and f32 is wanted: use cast(x, "f32")');
    expect(() => T.pow(a, 2)).toThrow(DTypeError);
    expect(T.add(T.Tensor.meta([2, 3], "i32"), T.Tensor.meta([3], "i32")).dtype).toBe("i32");
  });
});

describe("reductions", () => {
  const n = 100_003;
  const numbers = Int32Array.from({ length: n }, (_, i) => ((i * 7919) % 20011) - 10000 + (i === 77 ? 900_000_000 : 0));
  const x = T.tensor(device, numbers);

  test("of many, exactly", async () => {
    const total = numbers.reduce((s, v) => s + v, 0);
    expect(await read(x.sum())).toEqual(["i32", total]);
    expect(await read(x.max())).toEqual(["i32", numbers[77]]);
    expect(await read(x.min())).toEqual(["i32", -10000]);
  });

  test("over axes", async () => {
    const y = i32([1, -2, 3, large, 5, -6], [2, 3]);
    expect(await read(y.sum(1))).toEqual(["i32", 2, large - 1]);
    expect(await read(y.sum(0, { keepDims: true }))).toEqual(["i32", large + 1, 3, -3]);
    expect(await read(y.max(-1))).toEqual(["i32", 3, large]);
    expect(await read(y.min([0, 1]))).toEqual(["i32", -6]);
    expect(await read(y.reshape([1, 2, 3]).sum([0, 2]))).toEqual(["i32", 2, large - 1]);
    expect(await read(y.sum([]))).toEqual(["i32", 1, -2, 3, large, 5, -6]);
    expect(await read(u32([4294967295, 1]).max())).toEqual(["u32", 4294967295]);
    expect(await read(T.zeros(device, [0, 2], "u32").sum(0))).toEqual(["u32", 0, 0]);
    expect(() => y.mean()).toThrow(DTypeError);
  });
});
