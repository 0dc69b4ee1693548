import { describe, expect, it } from "vitest";
import { add, div, full, maximum, minimum, mul, pow, sub, tensor } from "../../../src/tensor/index.ts";
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
