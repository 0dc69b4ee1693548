import { beforeAll, describe, expect, test } from "vitest";
import type { Device } from "../../../src/device/index.ts";
import { ConfigError, DTypeError, ShapeError } from "../../../src/errors.ts";
import * as T from "../../../src/tensor/index.ts";
import { testDevice } from "../../harness/device.ts";

let device: Device;
beforeAll(async () => {
  device = await testDevice();
});

const ints = (values: readonly number[], shape?: T.Shape) => T.tensor(device, Int32Array.from(values), shape);
const { NaN: nan } = Number;

describe("an index outside its axis", () => {
  test("in a tensor gives NaN, and a gradient of NaN along its line only", async () => {
    const x = T.tensor(device, [1, 2, 3, 4, 5, 6], [2, 3]).requireGrad();
    const y = T.gather(x, 1, ints([0, 3, -1, 2, 1, 1, 0, 2], [2, 4]));
    expect([...(await y.data())]).toEqual([1, nan, nan, 3, 5, 5, 4, 6]);
    y.backward(T.tensor(device, [1, 1, 1, 1, 1, 1, 1, 1], [2, 4]));
    expect([...(await x.grad!.data())]).toEqual([nan, nan, nan, 1, 2, 1]);
  });

  test("makes the line of a scatter-add NaN, not the others", async () => {
    const at = ints([2, 0, 0, 5], [2, 2]);
    const y = T.scatterAdd(T.zeros(device, [2, 3]), 1, at, T.tensor(device, [1, 2, 3, 4], [2, 2]));
    expect([...(await y.data())]).toEqual([2, 0, 1, nan, nan, nan]);
  });

  test("gives rows of NaN in embedding and oneHot", async () => {
    const weight = T.tensor(device, [1, 2, 3, 4], [2, 2]).requireGrad();
    const y = T.embedding(ints([1, 2, -2147483648, 0], [2, 2]), weight);
    expect(y.shape).toEqual([2, 2, 2]);
    expect([...(await y.data())]).toEqual([3, 4, nan, nan, nan, nan, 1, 2]);
    y.backward(T.full(device, [2, 2, 2], 1));
    expect([...(await weight.grad!.data())].every(Number.isNaN)).toBe(true);
    expect([...(await T.oneHot(ints([1, 3, -1, 2]), 3).data())]).toEqual([
      0,
      1,
      0,
      nan,
      nan,
      nan,
      nan,
      nan,
      nan,
      0,
      0,
      1,
    ]);
  });

  test("from the host is refused before anything runs", () => {
    const x = T.Tensor.meta([4, 3]);
    expect(() => T.indexSelect(x, 1, [0, 3])).toThrow(ShapeError);
    expect(() => T.indexSelect(x, 1, [0, 3])).toThrow(
      "indexSelect: index[1] is 3, outside axis 1 of [4, 3]; use -3 to 2",
    );
    expect(() => T.indexSelect(x, 0, Int32Array.of(-5))).toThrow("index[0] is -5");
    expect(() => T.embedding([-1], x)).toThrow("index[0] is -1");
    expect(() => T.embedding([1.5], x)).toThrow("index[0] is 1.5, outside weight [V=4, D=3]; use 0 to 3");
    expect(() => T.embedding([0], T.Tensor.meta([0, 3]))).toThrow("nothing is there to take");
    expect(T.indexSelect(x, 0, [3, 0, 0, 1, 2]).shape).toEqual([5, 3]);
  });
});

test("indices of floats, and integers where numbers belong, are refused with the cure", () => {
  const [x, floats, whole] = [T.Tensor.meta([2, 3]), T.Tensor.meta([2, 3]), T.Tensor.meta([2, 3], "i32")];
  for (const call of [
    () => T.gather(x, 0, floats),
    () => T.scatterAdd(x, 0, floats, x),
    () => T.embedding(floats, x),
    () => T.oneHot(floats, 3),
  ]) {
    expect(call).toThrow(DTypeError);
    expect(call).toThrow('index is f32; it must be i32 or u32: use cast(index, "i32")');
  }
  for (const call of [
    () => T.eq(x, whole),
    () => T.where(x, whole, x),
    () => T.argmax(whole, 0),
    () => T.cumsum(whole, 0),
    () => T.gather(whole, 0, whole),
  ])
    expect(call).toThrow(DTypeError);
});

test("host indices do what a tensor of them does, forward and backward", async () => {
  const weight = T.tensor(device, [1, 2, 3, 4, 5, 6], [3, 2]).requireGrad();
  const y = T.indexSelect(weight, 0, [2, 0, 2]);
  expect([...(await y.data())]).toEqual([5, 6, 1, 2, 5, 6]);
  y.backward(T.tensor(device, [1, 2, 3, 4, 5, 6], [3, 2]));
  expect([...(await weight.grad!.data())]).toEqual([3, 4, 0, 0, 6, 8]);
});

test("what meets at one place is added in ascending order, to the last bit", async () => {
  const n = 20_011;
  const src = Float32Array.from({ length: n }, (_, i) => Math.sin(i * 1.7) * 10 ** ((i % 9) - 4));
  const at = Int32Array.from({ length: n }, (_, i) => (i * i) % 7);
  const want = new Float32Array([1, 2, 3, 4, 5, 6, 7]);
  for (let i = 0; i < n; i++) want[at[i]] = Math.fround(want[at[i]] + src[i]);
  for (let pass = 0; pass < 2; pass++) {
    const y = T.scatterAdd(T.tensor(device, [1, 2, 3, 4, 5, 6, 7]), 0, T.tensor(device, at), T.tensor(device, src));
    expect([...(await y.data())]).toEqual([...want]);
  }
});

test("argmax gives indices that gather takes: the maxima", async () => {
  const data = Float32Array.from({ length: 6 * 700 }, (_, i) => Math.sin(i * i));
  const x = T.tensor(device, data, [2, 700, 3]);
  const place = T.argmax(x, 1, { keepDims: true });
  expect([place.dtype, place.shape]).toEqual(["i32", [2, 1, 3]]);
  expect([...(await T.gather(x, 1, place).data())]).toEqual([...(await T.max(x, [1], { keepDims: true }).data())]);
});

test("cast goes towards zero, and what does not fit can be no index", async () => {
  const x = T.tensor(device, [1.9, -1.9, 0, -0.5, 16777217, -2147483648, 2147483520, 2147483648, -3e9, nan, Infinity]);
  const least = -2147483648;
  const whole = [1, -1, 0, 0, 16777216, least, 2147483520];
  expect([...(await T.cast(x, "i32").integers())]).toEqual([...whole, least, least, least, least]);
  const u = T.cast(T.tensor(device, [0.9, -0.9, 3e9, 4294967040, 4294967296, -1, nan]), "u32");
  const most = 4294967295;
  expect([...(await u.integers())]).toEqual([0, 0, 3e9, 4294967040, most, most, most]);
  expect([...(await T.cast(ints([-3, 0, 16777217]), "f32").data())]).toEqual([-3, 0, 16777216]);
  expect([...(await T.cast(T.tensor(device, Uint32Array.of(most, 7)), "f32").data())]).toEqual([4294967296, 7]);
  expect([...(await T.cast(ints([-1, 5]), "u32").integers())]).toEqual([most, 5]);
  expect(T.cast(x, "f32")).toBe(x);
  expect(T.cast(T.Tensor.meta([2]), "i32").dtype).toBe("i32");
});

describe("layouts", () => {
  test("move integers as they are, NaN bits too", async () => {
    const x = ints([1, -2, 2147483647, -4, 5, -6], [2, 3]);
    const odd = T.tensor(device, new Float32Array(Int32Array.of(0x7fc12345, -1, 1).buffer));
    expect([...(await T.flip(x, [0, 1]).integers())]).toEqual([-6, 5, -4, 2147483647, -2, 1]);
    expect([...(await T.roll(x, [1], [1]).integers())]).toEqual([2147483647, 1, -2, -6, -4, 5]);
    expect([...(await T.repeat(ints([3, -1]), [2]).integers())]).toEqual([3, -1, 3, -1]);
    expect([...(await T.broadcastTo(ints([3, -1], [2, 1]), [2, 2]).integers())]).toEqual([3, 3, -1, -1]);
    const bits = new Int32Array((await T.flip(odd, 0).data()).buffer);
    expect([...bits]).toEqual([1, -1, 0x7fc12345]);
  });

  test("split by one size leaves a smaller last part; unsqueeze and squeeze share memory", async () => {
    const x = T.tensor(device, [0, 1, 2, 3, 4, 5, 6]);
    expect(T.split(x, 3).map((p) => p.shape)).toEqual([[3], [3], [1]]);
    expect([...(await T.split(x, 3)[2].data())]).toEqual([6]);
    expect(T.split(T.Tensor.meta([2, 0]), 3, 1).map((p) => p.shape)).toEqual([[2, 0]]);
    expect(() => T.split(x, 0)).toThrow(ShapeError);
    const before = device.memory().liveBuffers;
    expect(T.squeeze(T.unsqueeze(x, 0)).shape).toEqual([7]);
    expect(device.memory().liveBuffers).toBe(before);
  });

  test("stack of nothing and gelu of no known kind are refused", () => {
    expect(() => T.stack([])).toThrow("stack: no tensors given");
    expect(() => T.gelu(T.Tensor.meta([2]), { approximate: "erf" as "none" })).toThrow(ConfigError);
  });
});

test("without a gradient an op ends the tape: only the other factor gets one", async () => {
  const x = T.tensor(device, [-2, 3]).requireGrad();
  expect(() => T.sum(T.sign(x)).backward()).toThrow(/no history/);
  T.sum(T.mul(T.gt(x, 0), x)).backward();
  expect([...(await x.grad!.data())]).toEqual([0, 1]);
});
