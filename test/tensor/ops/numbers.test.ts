import { describe, expect, it } from "vitest";
import { add, div, full, maximum, minimum, mul, pow, sub, sum, tensor } from "../../../src/tensor/index.ts";
import { testDevice } from "../../harness/device.ts";

const ops = Object.entries({ add, sub, mul, div, pow, maximum, minimum });
const bits = (v: Float32Array) => [...new Uint32Array(v.buffer, v.byteOffset, v.length)];
const values = Float32Array.of(0.3, 2, -1.5, 0.75, 4, -0.75, 1e3, 0.01, 3, 2.5);

describe.each(ops)("%s with a number for an operand", (_, op) => {
  it.each([
    ["second", 0.75],
    ["first", 0.75],
    ["second", -1],
    ["first", 3],
  ] as const)("as the %s (%d): value and gradient have the bits of a tensor filled with it", async (place, number) => {
    const device = await testDevice();
    const before = device.memory().liveBuffers;
    const results: number[][][] = [];
    for (const filled of [false, true]) {
      const x = tensor(device, values, [10]).requireGrad();
      const n = filled ? full(device, [10], number) : number;
      const y = place === "second" ? op(x, n) : op(n, x);
      const g = tensor(device, values.map(Math.sin), [10]);
      y.backward(g);
      results.push([bits(await y.data()), bits(await x.grad!.data())]);
      for (const t of [x, y, g, n]) if (typeof t !== "number") t.dispose();
    }
    expect(results[0]).toEqual(results[1]);
    expect(new Set(results[0][0]).size).toBeGreaterThan(1);
    expect(device.memory().liveBuffers).toBe(before);
  });
});

describe("sums of numbers of one sign", () => {
  it.each([
    ["a million", [1 << 20], [0]],
    ["rows", [3, 100_000], [1]],
    ["columns", [50_000, 5], [0]],
  ] as const)("%s: off by less than the last place", async (_, shape, axes) => {
    const device = await testDevice();
    const count = shape.reduce((a: number, b) => a * b, 1);
    const data = Float32Array.from({ length: count }, (_, i) => 1 + 0.7 * Math.sin(i));
    const x = tensor(device, data, shape);
    const y = sum(x, axes);
    const got = await y.data();
    const [stride, step] = axes[0] === 1 ? [1, shape[1] as number] : [count / shape[0], 1];
    got.forEach((v, at) => {
      let want = 0;
      for (let i = 0; i < shape[axes[0]]!; i++) want += data[at * step + i * stride];
      const place = 2 ** (Math.floor(Math.log2(want)) - 23);
      expect(Math.abs(v - want) / place).toBeLessThan(1);
    });
    for (const t of [x, y]) t.dispose();
  });
});
