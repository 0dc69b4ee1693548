/** A chain of 200 elementwise ops, forward and backward, against float64: nothing is lost on the way, and nothing left over. */
import { expect, test } from "vitest";
import * as T from "../../../src/tensor/index.ts";
import { testDevice } from "../../harness/device.ts";

interface Step {
  readonly op: (x: T.Tensor) => T.Tensor;
  readonly value: (v: number) => number;
  readonly slope: (v: number) => number;
}

const logistic = (v: number): number => 1 / (1 + Math.exp(-v));
/** Ten ops; together they bring any number back to between -2 and 2, and neither lose nor blow up the gradient. */
const steps: readonly Step[] = [
  { op: (x) => T.mul(x, 1.75), value: (v) => v * 1.75, slope: () => 1.75 },
  { op: T.sin, value: Math.sin, slope: Math.cos },
  { op: (x) => T.add(x, 1.5), value: (v) => v + 1.5, slope: () => 1 },
  { op: T.rsqrt, value: (v) => 1 / Math.sqrt(v), slope: (v) => -0.5 * v ** -1.5 },
  { op: (x) => T.sub(x, 1), value: (v) => v - 1, slope: () => 1 },
  { op: T.neg, value: (v) => -v, slope: () => -1 },
  { op: (x) => T.elu(x), value: (v) => (v > 0 ? v : Math.expm1(v)), slope: (v) => (v > 0 ? 1 : Math.exp(v)) },
  { op: (x) => T.div(x, 0.2), value: (v) => v / Math.fround(0.2), slope: () => 1 / Math.fround(0.2) },
  { op: T.softplus, value: (v) => Math.log1p(Math.exp(v)), slope: logistic },
  { op: (x) => T.leakyRelu(x), value: (v) => v, slope: () => 1 },
];

test("200 ops agree with float64", async () => {
  const device = await testDevice();
  const before = device.memory().liveBuffers;
  const data = Float32Array.from({ length: 1031 }, (_, i) => Math.sin(i) * 1.5);
  const x = T.tensor(device, data).requireGrad();
  const y = T.tidy(() =>
    Array.from({ length: 20 }, () => steps)
      .flat()
      .reduce((v, s) => s.op(v), x as T.Tensor),
  );
  const ones = T.full(device, [1031], 1);
  y.backward(ones);
  const [value, grad] = [await y.data(), await x.grad!.data()];
  let [worst, worstSlope] = [0, 0];
  data.forEach((start, i) => {
    let v = start;
    let g = 1;
    for (let n = 0; n < 20; n++)
      for (const s of steps) {
        g *= s.slope(v);
        v = s.value(v);
      }
    worst = Math.max(worst, Math.abs(value[i] - v));
    worstSlope = Math.max(worstSlope, Math.abs(grad[i] - g) / Math.abs(g));
  });
  // The sum of the steps of T1: 200 times 1e-5, of values up to 1 and of the gradient.
  expect(worst).toBeLessThan(200e-5);
  expect(worstSlope).toBeLessThan(200e-5);
  for (const t of [x, y, ones]) t.dispose();
  expect(device.memory().liveBuffers).toBe(before);
});
