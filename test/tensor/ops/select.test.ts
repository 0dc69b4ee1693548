/** Parts of a tensor as users name them: open and negative bounds, indices, orders counted from the end. */
import { describe, expect, test } from "vitest";
import { ShapeError } from "../../../src/errors.ts";
import { at, indexSelect, permute, select, slice, Tensor, tensor } from "../../../src/tensor/index.ts";
import { testDevice } from "../../harness/device.ts";

const device = await testDevice();
const counted = (...shape: number[]): Tensor =>
  tensor(
    device,
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i),
    shape,
  );
const x = counted(2, 3, 4);
const read = async (t: Tensor) => [t.shape, [...(await t.data())]];

describe("slice", () => {
  test.each<[string, Tensor, readonly number[], readonly number[]]>([
    ["from the end", slice(x, [0, -1, -2], [1, 3, 4]), [1, 1, 2], [10, 11]],
    ["up to one before the end", slice(x, [1, 0, 0], [2, 1, -1]), [1, 1, 3], [12, 13, 14]],
    ["left out at the end", slice(x, [1, 2]), [1, 1, 4], [20, 21, 22, 23]],
    ["open", slice(x, [undefined, null, 3], [1, undefined, null]), [1, 3, 1], [3, 7, 11]],
    ["a method", x.slice([], [1, 1]), [1, 1, 4], [0, 1, 2, 3]],
  ])("%s", async (_, t, shape, numbers) => {
    expect(await read(t)).toEqual([shape, numbers]);
  });

  test("its gradient", async () => {
    const y = counted(2, 3).requireGrad();
    slice(y, [-1, 1]).sum().backward();
    expect([...(await y.grad!.data())]).toEqual([0, 0, 0, 0, 1, 1]);
  });

  test("refuses what lies outside", () => {
    expect(() => slice(x, [0, -4], [2, 3])).toThrow(ShapeError);
    expect(() => slice(x, [0, 2], [2, 5])).toThrow("slice: 2 to 5 is outside dimension 1 of [2, 3, 4]");
    expect(() => slice(x, 1 as never)).toThrow("slice: starts is 1; give an array of at most 3 entries");
  });
});

describe("select and at", () => {
  test.each<[string, Tensor, readonly number[], readonly number[]]>([
    ["select", select(x, 1, -1), [2, 4], [8, 9, 10, 11, 20, 21, 22, 23]],
    ["select from the end", x.select(-1, 0), [2, 3], [0, 4, 8, 12, 16, 20]],
    ["at", at(x, 1), [3, 4], [12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23]],
    ["at several", x.at(-1, 0, 2), [], [14]],
    ["at none", x.at(), [2, 3, 4], Array.from({ length: 24 }, (_, i) => i)],
  ])("%s", async (_, t, shape, numbers) => {
    expect(await read(t)).toEqual([shape, numbers]);
  });

  test("their gradients", async () => {
    const y = counted(2, 3).requireGrad();
    y.select(1, -2).add(y.at(-1, 0)).sum().backward();
    expect([...(await y.grad!.data())]).toEqual([0, 1, 0, 2, 1, 0]);
  });

  test("refuse what lies outside", () => {
    expect(() => select(x, 1, 3)).toThrow("select: 3 is outside dimension 1 of [2, 3, 4]; use -3 to 2");
    expect(() => at(x, 0, -4)).toThrow("at: -4 is outside dimension 1 of [2, 3, 4]; use -3 to 2");
    expect(() => at(x, 0, 0, 0, 0)).toThrow("at: 4 indices for [2, 3, 4]; give at most 3");
    expect(() => at(x, 0.5)).toThrow(ShapeError);
    expect(() => select(Tensor.meta([0, 2]), 0, 0)).toThrow("nothing is there to take");
  });
});

test("permute and indexSelect count from the end", async () => {
  expect(permute(x, [-1, 0, -2]).shape).toEqual([4, 2, 3]);
  expect(() => permute(x, [-1, 0, 2])).toThrow("permute: [2, 0, 2] is no order");
  expect(() => permute(x, [-4, 0, 1])).toThrow(ShapeError);
  expect(await read(indexSelect(counted(3, 2), -2, [-1, 0]))).toEqual([
    [2, 2],
    [4, 5, 0, 1],
  ]);
  expect(() => indexSelect(x, 1, [-4])).toThrow(
    "indexSelect: index[0] is -4, outside axis 1 of [2, 3, 4]; use -3 to 2",
  );
});

test("to is cast", async () => {
  expect([...(await x.to("i32").integers())]).toEqual(Array.from({ length: 24 }, (_, i) => i));
  expect(x.to("f32")).toBe(x);
  expect(() => x.to("float" as never)).toThrow('cast: dtype is "float"; use "f32", "f16", "i32" or "u32"');
});
