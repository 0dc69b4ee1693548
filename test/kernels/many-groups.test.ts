import { beforeAll, describe, expect, test } from "vitest";
import type { Device } from "../../src/device/index.ts";
import { batchNorm, conv2d, full, matmul, Rng, type Tensor, tensor } from "../../src/tensor/index.ts";
import { testDevice } from "../harness/device.ts";

/** A side of a grid has at most 65,535 groups; what has more batches, channels or rows is walked. */
let device: Device;
beforeAll(async () => {
  device = await testDevice();
});

const many = 70_000;
const numbers = (n: number, k = 0.37): Float32Array => Float32Array.from({ length: n }, (_, i) => Math.sin(k * i + 1));

const largest = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  expect(a.length).toBe(b.length);
  let worst = 0;
  for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs(a[i] - b[i]));
  return worst;
};

describe("more than 65,535", () => {
  test("batches of a product, with a batch that broadcasts, and its gradients", async () => {
    const [x, w] = [numbers(many * 3), numbers(2 * 3, 0.9)];
    // [35000, 2, 1, 3] x [2, 3, 1]: both the outer and the inner dimension of the batch count.
    const a = tensor(device, x, [many / 2, 2, 1, 3]).requireGrad();
    const b = tensor(device, w, [2, 3, 1]).requireGrad();
    const y = matmul(a, b);
    const want = Float64Array.from({ length: many }, (_, i) =>
      [0, 1, 2].reduce((s, k) => s + x[3 * i + k] * w[3 * (i % 2) + k], 0),
    );
    expect(largest(await y.data(), want)).toBeLessThan(1e-6);
    y.sum().backward();
    expect(
      largest(
        await a.grad!.data(),
        x.map((_, i) => w[i % 6]),
      ),
    ).toBeLessThan(1e-6);
    const sums = Float64Array.from({ length: 6 }, (_, j) => {
      let s = 0;
      for (let i = j; i < x.length; i += 6) s += x[i];
      return s;
    });
    expect(largest(await b.grad!.data(), sums)).toBeLessThan(2e-3); // sums of 35,000 numbers of up to 1, in float32
  });

  test("batches of long sums, which are cut in parts", async () => {
    const [batches, k] = [5000, 4608];
    const x = tensor(device, numbers(k), [1, k]);
    const rows = new Rng(1).normal(device, [batches, 1, 1]);
    const all = matmul(rows, x); // [batches, 1, k]
    const y = await matmul(all, x.reshape([k, 1])).data();
    const square = numbers(k).reduce((s, v) => s + v * v, 0);
    const scale = await rows.data();
    expect(
      largest(
        y,
        scale.map((v) => v * square),
      ),
    ).toBeLessThan(0.05); // of values of up to 4 * 2304
  });

  test("rows of a product", async () => {
    const rows = 4 * many;
    const x = numbers(rows);
    const y = await matmul(tensor(device, x, [rows, 1]), tensor(device, Float32Array.of(2, -1), [1, 2])).data();
    expect(
      largest(
        y,
        Float32Array.from({ length: 2 * rows }, (_, i) => x[i >> 1] * (i % 2 ? -1 : 2)),
      ),
    ).toBe(0);
  });

  test("groups of a convolution, and channels under one weight, with gradients", async () => {
    const g = tensor(device, numbers(2 * many * 9), [1, 2 * many, 3, 3]).requireGrad();
    const w = full(device, [many, 2, 3, 3], 1).requireGrad();
    const y = conv2d(g, w, { groups: many });
    const x = numbers(2 * many * 9);
    const sums = Float64Array.from({ length: many }, (_, c) =>
      x.subarray(18 * c, 18 * c + 18).reduce((a, b) => a + b, 0),
    );
    expect(largest(await y.data(), sums)).toBeLessThan(1e-5);
    y.sum().backward();
    expect(largest(await w.grad!.data(), x)).toBe(0);
    expect((await g.grad!.data()).every((v) => v === 1)).toBe(true);
    const wide = full(device, [1, 5 * many, 3, 3], 0.5).requireGrad();
    const taps = full(device, [2, 5 * many, 3, 3], 1).requireGrad();
    conv2d(wide, taps).sum().backward();
    expect((await taps.grad!.data()).every((v) => v === 0.5)).toBe(true);
    expect((await wide.grad!.data()).every((v) => v === 2)).toBe(true);
  });

  test.each([1, 3, 40])("channels of batchNorm with %i places each, and its gradients", async (s) => {
    const x = numbers(2 * many * s, 1.3);
    const weight = numbers(many, 0.7);
    const at = (n: number, c: number, i: number): number => (n * many + c) * s + i;
    const a = tensor(device, x, [2, many, s]).requireGrad();
    const factor = tensor(device, weight, [many]).requireGrad();
    const bias = full(device, [many], 1).requireGrad();
    const running = [full(device, [many], 1), full(device, [many], 1)] as const;
    const y = batchNorm(a, { weight: factor, bias, runningMean: running[0], runningVar: running[1], training: true });
    const want = new Float64Array(x.length);
    const means = new Float64Array(many);
    for (let c = 0; c < many; c++) {
      const list: number[] = [];
      for (let n = 0; n < 2; n++) for (let i = 0; i < s; i++) list.push(x[at(n, c, i)]);
      const mean = list.reduce((p, q) => p + q, 0) / list.length;
      const variance = list.reduce((p, q) => p + (q - mean) ** 2, 0) / list.length;
      means[c] = 0.9 + 0.1 * mean;
      for (let n = 0; n < 2; n++)
        for (let i = 0; i < s; i++)
          want[at(n, c, i)] = ((x[at(n, c, i)] - mean) / Math.sqrt(variance + 1e-5)) * weight[c] + 1;
    }
    expect(largest(await y.data(), want)).toBeLessThan(2e-4);
    expect(largest(await running[0].data(), means)).toBeLessThan(1e-6);
    const g: Tensor = tensor(device, numbers(x.length, 0.11), [2, many, s]);
    y.backward(g);
    const biasGrad = new Float64Array(many);
    const gs = await g.data();
    for (let n = 0; n < 2; n++)
      for (let c = 0; c < many; c++) for (let i = 0; i < s; i++) biasGrad[c] += gs[at(n, c, i)];
    expect(largest(await bias.grad!.data(), biasGrad)).toBeLessThan(2e-5);
    expect((await factor.grad!.data()).every(Number.isFinite)).toBe(true);
    expect((await a.grad!.data()).every(Number.isFinite)).toBe(true);
  });
});
