/** Numbers from the host and back: what becomes of every kind of array, what is refused, and how a tensor prints. */
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { DTypeError, ShapeError } from "../../src/errors.ts";
import { full, type Tensor, type TensorData, tensor, zeros } from "../../src/tensor/index.ts";
import { testDevice } from "../harness/device.ts";

const device = await testDevice();
const read = async (t: Tensor) => [...(t.dtype === "f32" || t.dtype === "f16" ? await t.data() : await t.integers())];
const loose = (v: unknown) => v as TensorData;

describe("tensor", () => {
  test.each<[string, TensorData, string, readonly number[], readonly number[]]>([
    ["Float32Array", Float32Array.of(1.5, -2), "f32", [2], [1.5, -2]],
    ["Int32Array", Int32Array.of(-1, 2), "i32", [2], [-1, 2]],
    ["Uint32Array", Uint32Array.of(4294967295), "u32", [1], [4294967295]],
    ["Float64Array", Float64Array.of(1.5, -2.7, 1e300), "f32", [3], [1.5, Math.fround(-2.7), Infinity]],
    ["Uint8Array", Uint8Array.of(1, 2, 255, 4, 5), "f32", [5], [1, 2, 255, 4, 5]],
    ["Uint8ClampedArray", Uint8ClampedArray.of(1, 300), "f32", [2], [1, 255]],
    ["Int8Array", Int8Array.of(-1, 2), "f32", [2], [-1, 2]],
    ["Uint16Array", Uint16Array.of(65535), "f32", [1], [65535]],
    ["Int16Array", Int16Array.of(-32768), "f32", [1], [-32768]],
    ["BigInt64Array", BigInt64Array.of(-3n, 4n), "i32", [2], [-3, 4]],
    ["BigUint64Array", BigUint64Array.of(4294967295n), "u32", [1], [4294967295]],
    ["numbers", [1, NaN, -Infinity], "f32", [3], [1, NaN, -Infinity]],
    ["one number", 5, "f32", [], [5]],
    ["true and false", [true, false], "f32", [2], [1, 0]],
    ["nothing", [], "f32", [0], []],
    [
      "nested arrays",
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      "f32",
      [2, 3],
      [1, 2, 3, 4, 5, 6],
    ],
    [
      "deeper ones",
      [
        [[1], [2]],
        [[3], [4]],
      ],
      "f32",
      [2, 2, 1],
      [1, 2, 3, 4],
    ],
    ["rows of typed arrays", [Uint8Array.of(1, 2), Uint8Array.of(3, 4)], "f32", [2, 2], [1, 2, 3, 4]],
    ["a part of a buffer", new Float64Array([9, 1, 2]).subarray(1), "f32", [2], [1, 2]],
  ])("%s", async (_, data, dtype, shape, numbers) => {
    const t = tensor(device, data);
    expect([t.dtype, t.shape]).toEqual([dtype, shape]);
    expect(await read(t)).toEqual(numbers);
  });

  test("a dtype and a shape that are asked for", async () => {
    const t = tensor(
      device,
      [
        [1, -2],
        [3, 4],
      ],
      [4],
      "i32",
    );
    expect([t.dtype, t.shape, await read(t)]).toEqual(["i32", [4], [1, -2, 3, 4]]);
    expect(await read(tensor(device, Int32Array.of(1, -2), [2], "f32"))).toEqual([1, -2]);
    expect(await read(tensor(device, Uint8Array.of(7), [1], "u32"))).toEqual([7]);
    expect(await read(full(device, [2], 3, "u32"))).toEqual([3, 3]);
  });

  test.each<[string, unknown, string]>([
    ["strings", ["1", "a"], 'tensor: data[0] is "1"; give a number'],
    ["holes", [1, undefined, 3], "tensor: data[1] is undefined; give a number"],
    ["null", null, "tensor: data is null; give a number, an array of numbers"],
    ["an object", { a: 1 }, "tensor: data is Object; give"],
    ["bytes without a kind", new DataView(new ArrayBuffer(4)), "tensor: data is DataView; give"],
    ["a tensor's like", new ArrayBuffer(8), "tensor: data is ArrayBuffer; give"],
    ["an integer beyond 32 bits", BigInt64Array.of(1n, 3000000000n), "tensor: number 1 is 3000000000, and i32 holds"],
  ])("refuses %s", (_, data, message) => {
    expect(() => tensor(device, loose(data))).toThrow(DTypeError);
    expect(() => tensor(device, loose(data))).toThrow(message);
  });

  test("refuses what is not whole or does not fit where integers are asked for", () => {
    expect(() => tensor(device, [1, 1.5], [2], "i32")).toThrow("tensor: number 1 is 1.5, and i32 holds whole numbers");
    expect(() => tensor(device, [NaN], [1], "u32")).toThrow(DTypeError);
    expect(() => full(device, [2], -1, "u32")).toThrow(
      "number 0 is -1, and u32 holds whole numbers from 0 to 4294967295",
    );
  });

  test.each<[string, unknown, string]>([
    [
      "a shorter row",
      [[1, 2], [3]],
      "tensor: data[1] has 1 entries, and others before it 2; give every row the same length",
    ],
    ["a number beside rows", [[1, 2], 3], "tensor: data[1] is one number, and others before it has 2 entries"],
    ["a row beside numbers", [1, [2]], "tensor: data[1] has 1 entries, and others before it is one number"],
  ])("refuses %s", (_, data, message) => {
    expect(() => tensor(device, loose(data))).toThrow(ShapeError);
    expect(() => tensor(device, loose(data))).toThrow(message);
  });
});

describe("write", () => {
  test("converts to the tensor's dtype, or refuses", async () => {
    const x = zeros(device, [2]);
    for (const data of [
      Int32Array.of(1, 2),
      [1, 2],
      Float64Array.of(1, 2),
      Uint8Array.of(1, 2),
      BigInt64Array.of(1n, 2n),
    ]) {
      x.write(data);
      expect(await read(x)).toEqual([1, 2]);
      x.write([0, 0]);
    }
    const n = zeros(device, [2], "i32");
    n.write(Float32Array.of(-1, 2));
    expect(await read(n)).toEqual([-1, 2]);
    n.write(Uint32Array.of(3, 4));
    expect(await read(n)).toEqual([3, 4]);
    expect(() => n.write([1.5, 2])).toThrow(DTypeError);
    expect(() => n.write(Uint32Array.of(1, 4294967295))).toThrow("write: number 1 is 4294967295, and i32 holds");
    expect(() => x.write(loose(["1", 2]))).toThrow('write: data[0] is "1"; give a number');
    expect(await read(n)).toEqual([3, 4]);
    const m = zeros(device, [2, 2]);
    m.write([
      [1, 2],
      [3, 4],
    ]);
    expect(await read(m)).toEqual([1, 2, 3, 4]);
    expect(() => m.write([[1, 2, 3, 4]])).toThrow("write: [1, 4] numbers for a tensor [2, 2] of 4");
    expect(() => m.write([1, 2, 3])).toThrow("write: 3 numbers for a tensor [2, 2] of 4");
  });
});

describe("toString", () => {
  const name = (device.info.description || device.info.architecture).split(/[:(]/)[0].trim();

  test("shape, dtype, adapter, and the numbers once they were read", async () => {
    const x = tensor(device, [
      [1, -0, 2.5],
      [1e-9, NaN, 1 / 3],
    ]).requireGrad();
    expect(`${x}`).toBe(`Tensor [2, 3] f32 on ${name}, requires grad`);
    await x.data();
    expect(inspect(x)).toBe(`Tensor [2, 3] f32 on ${name}, requires grad\n[[1, -0, 2.5],\n [1e-9, NaN, 0.33333]]`);
    x.write(new Float32Array(6));
    expect(`${x}`).toBe(`Tensor [2, 3] f32 on ${name}, requires grad`);
    const n = tensor(device, Int32Array.of(7), []);
    expect(await n.item()).toBe(7);
    expect(`${n}`).toBe(`Tensor [] i32 on ${name}\n7`);
    n.dispose();
    expect(`${n}`).toBe("Tensor [] i32 (disposed)");
  });

  test("of a large one the ends", async () => {
    const x = tensor(
      device,
      Float32Array.from({ length: 40 * 50 }, (_, i) => i),
      [40, 50],
    );
    await x.data();
    expect(`${x}`.split("\n").slice(1)).toEqual([
      "[[0, 1, 2, ..., 47, 48, 49],",
      " [50, 51, 52, ..., 97, 98, 99],",
      " [100, 101, 102, ..., 147, 148, 149],",
      " ...,",
      " [1850, 1851, 1852, ..., 1897, 1898, 1899],",
      " [1900, 1901, 1902, ..., 1947, 1948, 1949],",
      " [1950, 1951, 1952, ..., 1997, 1998, 1999]]",
    ]);
  });
});
