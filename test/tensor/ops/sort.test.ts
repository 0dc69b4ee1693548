/** What a table of float32 samples does not reach: special numbers, integers, long axes, both results at once. */
import { beforeAll, describe, expect, test } from "vitest";
import type { Device } from "../../../src/device/index.ts";
import { Random } from "../../../src/random.ts";
import * as T from "../../../src/tensor/index.ts";
import { testDevice } from "../../harness/device.ts";

let device: Device;
beforeAll(async () => {
  device = await testDevice();
});

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

/** Both results read back, and disposed. */
async function read({ values, indices }: T.Sorted): Promise<{ values: number[]; indices: number[] }> {
  const numbers = values.dtype === "f32" ? await values.data() : await values.integers();
  const places = await indices.integers();
  for (const t of [values, indices]) t.dispose();
  return { values: [...numbers], indices: [...places] };
}

// By PyTorch 2.13.0, torch.sort(x, stable=True): NaN is the largest, zeros are equal, subnormals are in order.
const special = [nan, 1, -0, inf, 0, -inf, 1e-40, -1e-40, nan, 3.4e38, -3.4e38, 0, 2e-40, 1];
const ascending = [5, 10, 7, 2, 4, 11, 6, 12, 1, 13, 9, 3, 0, 8];
const descending = [0, 8, 3, 9, 1, 13, 12, 6, 2, 4, 11, 7, 10, 5];

describe("special numbers", () => {
  const bits = (list: number[]) => [...new Uint32Array(Float32Array.from(list).buffer)];

  test.each([
    [false, ascending],
    [true, descending],
  ])("descending %s: PyTorch's places, and the bits that stood there", async (turned, want) => {
    const x = T.tensor(device, special);
    const got = await read(T.sort(x, 0, { descending: turned }));
    expect(got.indices).toEqual(want);
    expect(bits(got.values)).toEqual(bits(want.map((i) => special[i])));
    const some = await read(T.topk(x, 5, 0, { largest: turned }));
    expect(some.indices).toEqual(want.slice(0, 5));
    x.dispose();
  });

  test("a NaN with a sign is NaN too, behind infinity", async () => {
    const x = T.tensor(device, new Float32Array(Uint32Array.of(0xffc00000, 0x7f800000, 0xff800001, 0x3f800000).buffer));
    expect((await read(T.sort(x))).indices).toEqual([3, 1, 0, 2]);
    x.dispose();
  });
});

describe("integers keep every bit", () => {
  const signed = Int32Array.of(3, -2147483648, 2147483647, -1, 0, 16777217, 16777216, -1, 0x7fc00001, -8388607);
  const unsigned = Uint32Array.of(3, 4294967295, 2147483648, 0, 16777217, 16777216, 0x7f800001, 3);

  test.each([
    ["i32", signed],
    ["u32", unsigned],
  ] as const)("%s", async (_, data) => {
    const x = T.tensor(device, data);
    for (const turned of [false, true]) {
      const want = [...data.keys()].sort((i, j) => (data[i] - data[j]) * (turned ? -1 : 1) || i - j);
      const got = await read(T.sort(x, -1, { descending: turned }));
      expect(got.indices).toEqual(want);
      expect(got.values).toEqual(want.map((i) => data[i]));
      const some = await read(T.topk(x, 3, -1, { largest: turned }));
      expect(some.values).toEqual(want.slice(0, 3).map((i) => data[i]));
    }
    x.dispose();
  });
});

test.each([
  ["a million in a line", [1 << 20], 0],
  ["lines of 400,000 beside each other", [400_000, 2], 0],
  ["70,000 lines of 3", [70_000, 3], 1],
] as const)("%s come out in order, and the gradient goes back", async (_, shape, axis) => {
  const count = shape.reduce((a: number, b) => a * b, 1);
  const random = new Random(3);
  const data = Float32Array.from({ length: count }, () => random.integer(5000) - 2500); // many equal
  const before = device.memory().liveBuffers;
  const x = T.tensor(device, data, shape).requireGrad();
  const { values, indices } = T.sort(x, axis);
  const got = await values.data();
  const places = await indices.integers();
  const [length, inner] = [shape[axis] as number, axis === 0 && shape.length === 2 ? (shape[1] as number) : 1];
  let wrong = 0;
  for (let line = 0; line < count / length; line++) {
    const at = (i: number) => (inner === 1 ? line * length + i : i * inner + line);
    for (let i = 0; i < length; i++) {
      if (got[at(i)] !== data[at(places[at(i)])]) wrong++;
      if (i === 0) continue;
      const [a, b] = [got[at(i - 1)], got[at(i)]];
      if (!(a < b || (a === b && places[at(i - 1)] < places[at(i)]))) wrong++;
    }
  }
  expect(wrong).toBe(0);
  const g = T.tensor(
    device,
    Float32Array.from({ length: count }, (_, i) => i),
    shape,
  );
  values.backward(g);
  const grad = await x.grad!.data();
  places.forEach((place, i) => {
    const at = inner === 1 ? Math.floor(i / length) * length + place : place * inner + (i % inner);
    if (grad[at] !== Math.fround(i)) wrong++;
  });
  expect(wrong).toBe(0);
  for (const t of [x, values, indices, g]) t.dispose();
  expect(device.memory().liveBuffers).toBe(before);
});

test("as methods, on shapes alone, and without x's history in the places", () => {
  const x = T.Tensor.meta([3, 4]);
  const { values, indices } = x.sort(0, { descending: true });
  expect([values.shape, values.dtype, indices.shape, indices.dtype]).toEqual([[3, 4], "f32", [3, 4], "i32"]);
  expect(x.topk(2).values.shape).toEqual([3, 2]);
  expect(T.Tensor.meta([5], "u32").topk(2).values.dtype).toBe("u32");
  expect(T.topk(x, 0).indices.shape).toEqual([3, 0]);
});
