/** What tables of float32 samples do not reach: integers, shapes alone, NaN inside chains, memory of one's own. */
import { beforeAll, describe, expect, test } from "vitest";
import type { Device } from "../../../src/device/index.ts";
import { DTypeError } from "../../../src/errors.ts";
import * as T from "../../../src/tensor/index.ts";
import { testDevice } from "../../harness/device.ts";

let device: Device;
beforeAll(async () => {
  device = await testDevice();
});

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
const run = async (f: () => T.Tensor): Promise<number[]> => {
  const y = T.tidy(f);
  const out = [...(y.dtype === "f32" ? await y.data() : await y.integers())];
  y.dispose();
  return out;
};

describe("tensors from nothing", () => {
  test("hold the dtype that is asked for", async () => {
    expect(await run(() => T.ones(device, [3], "i32"))).toEqual([1, 1, 1]);
    expect(await run(() => T.arange(device, 4, { start: 1, dtype: "u32" }))).toEqual([1, 2, 3]);
    expect(await run(() => T.arange(device, -3, { step: -1, dtype: "i32" }))).toEqual([0, -1, -2]);
    expect(await run(() => T.eye(device, 2, 3, "i32"))).toEqual([1, 0, 0, 0, 1, 0]);
    expect(await run(() => T.linspace(device, 0, 4, 5, "u32"))).toEqual([0, 1, 2, 3, 4]);
    const x = T.tensor(device, Int32Array.of(5, 6, 7, 8), [2, 2]);
    for (const [like, want] of [
      [T.onesLike(x), 1],
      [T.zerosLike(x), 0],
    ] as const) {
      expect([like.dtype, like.shape]).toEqual(["i32", [2, 2]]);
      expect([...(await like.integers())]).toEqual([want, want, want, want]);
      like.dispose();
    }
    x.dispose();
  });

  test("like a tensor without memory have none either, and no history", () => {
    const x = T.Tensor.meta([2, 3], "f16");
    expect([T.onesLike(x).isMeta, T.zerosLike(x).dtype, T.zerosLike(x, "u32").dtype]).toEqual([true, "f16", "u32"]);
    const y = T.zeros(device, [2]).requireGrad();
    const z = T.onesLike(y);
    expect(z.requiresGrad).toBe(false);
    for (const t of [y, z]) t.dispose();
  });

  test("a last argument that is no option is refused", () => {
    // @ts-expect-error PyTorch's arange(0, 10)
    expect(() => T.arange(device, 0, 10)).toThrow("arange: the options are 10; give an object with start, step, dtype");
  });

  test("the same stream gives the same numbers, and goes on", async () => {
    const [a, b] = [new T.Rng(7), new T.Rng(7)];
    const first = await run(() => T.rand(device, [5], a));
    expect(await run(() => T.rand(device, [5], b))).toEqual(first);
    expect(await run(() => T.rand(device, [5], b))).not.toEqual(first);
    expect(first.every((v) => v >= 0 && v < 1)).toBe(true);
    expect(await run(() => T.randn(device, [3], new T.Rng(7)))).toHaveLength(3);
  });
});

test("a clone has memory of its own, and any dtype", async () => {
  const x = T.tensor(device, Float32Array.of(1, 2, 3));
  const y = x.clone();
  x.write(Float32Array.of(7, 8, 9));
  expect([...(await y.data())]).toEqual([1, 2, 3]);
  const bits = Uint32Array.of(0x7f800001, 0xffc00000, 1);
  const u = T.tensor(device, bits);
  expect(await run(() => T.clone(u))).toEqual([...bits]);
  for (const t of [x, y, u]) t.dispose();
});

test("triangles and diagonals move integers as they are", async () => {
  const bits = Uint32Array.of(0x7f800001, 2, 0x7fc00001, 4);
  const x = T.tensor(device, bits, [2, 2]);
  expect(await run(() => x.tril())).toEqual([bits[0], 0, bits[2], bits[3]]);
  expect(await run(() => x.triu(1))).toEqual([0, bits[1], 0, 0]);
  expect(await run(() => x.diag())).toEqual([bits[0], bits[3]]);
  expect(await run(() => x.flatten().diag().flatten())).toEqual([
    ...[bits[0], 0, 0, 0],
    ...[0, bits[1], 0, 0],
    ...[0, 0, bits[2], 0],
    ...[0, 0, 0, bits[3]],
  ]);
  x.dispose();
});

describe("any and all", () => {
  test("of integers, whose bits are those of small or strange floats", async () => {
    const x = T.tensor(device, Int32Array.of(0, 0, 0, 1, -2147483648, 0, 5, -1), [4, 2]);
    expect(await run(() => x.any(1))).toEqual([0, 1, 1, 1]);
    expect(await run(() => x.all(1))).toEqual([0, 0, 0, 1]);
    expect(await run(() => x.any())).toEqual([1]);
    expect(T.Tensor.meta([2, 3], "u32").any(0).dtype).toBe("f32");
    x.dispose();
  });
});

describe("NaN that comes about in a chain of ops", () => {
  const at = [0, 1, -1, inf, nan, 3.4e38];
  const chain = (f: (x: T.Tensor) => T.Tensor) => run(() => f(T.tensor(device, at)));

  test("is seen by its bits: nothing that the compiler may assume hides it", async () => {
    // Of another tensor: lavapipe makes 0 of x - x, whatever x is.
    expect(await chain((x) => T.isnan(T.sub(x, T.tensor(device, at))))).toEqual([0, 0, 0, 1, 1, 0]);
    expect(await chain((x) => T.isnan(T.mul(x, 0)))).toEqual([0, 0, 0, 1, 1, 0]);
    expect(await chain((x) => T.isfinite(T.mul(x, 10)))).toEqual([1, 1, 1, 0, 0, 0]);
    expect(await chain((x) => T.isfinite(T.add(x, 1)))).toEqual([1, 1, 1, 0, 0, 1]);
    expect(await chain((x) => T.add(T.isnan(x), T.mul(T.isfinite(x), 2)))).toEqual([2, 2, 2, 0, 1, 2]);
  });

  test("goes through norms and products", async () => {
    const x = () => T.tensor(device, [1, nan, 2, 3, -inf, 4, 0, 0, 0], [3, 3]);
    for (const p of [1, 2, 3, 0.5, inf]) expect(await run(() => x().norm(1, { p })), `p ${p}`).toEqual([nan, inf, 0]);
    expect(await run(() => x().norm(1, { p: -inf }))).toEqual([nan, 3, 0]);
    expect(await run(() => x().norm(1, { p: -1 }))).toEqual([nan, expect.closeTo(12 / 7, 5), 0]);
    expect(await run(() => x().prod(1))).toEqual([nan, -inf, 0]);
    expect((await run(() => x().std(1))).slice(0, 2)).toEqual([nan, nan]);
    for (const p of [1, 2, 3, inf])
      expect(await run(() => T.cdist(x(), T.zeros(device, [1, 3]), { p })), `cdist, p ${p}`).toEqual([nan, inf, 0]);
  });
});

describe("the gradient of a norm or a distance at 0", () => {
  test.each([1, 1.5, 2, 3, inf])("is 0, p %d", async (p) => {
    for (const f of [
      (x: T.Tensor) => T.norm(x, 1, { p }),
      (x: T.Tensor) => T.cdist(x, T.zeros(device, [1, 3]), { p }),
    ]) {
      const x = T.tensor(device, [0, 0, 0, 0, 2, 0], [2, 3]).requireGrad();
      T.tidy(() => T.sum(f(x)).backward());
      expect([...(await x.grad!.data())]).toEqual([0, 0, 0, 0, 1, 0]);
      x.dispose();
    }
  });
});

test("einsum gives a handle of its own where nothing is to be done, and refuses what is no tensor", async () => {
  const x = T.tensor(device, [1, 2, 3, 4], [2, 2]);
  const y = T.einsum("ij->ij", x);
  expect(y).not.toBe(x);
  y.dispose();
  expect([...(await x.data())]).toEqual([1, 2, 3, 4]);
  expect(() => T.einsum("ij")).toThrow("give an equation and its tensors");
  expect(() => T.einsum("i,i->", x.flatten(), T.Tensor.meta([4], "i32"))).toThrow(DTypeError);
  x.dispose();
});
