/** The fully connected layer of the beetle network: 91,264 x 1,000, whose weight of 365 MB no adapter need bind at once. */
import { expect, test } from "vitest";
import type { Binding } from "../../src/device/index.ts";
import { openDevice } from "../../src/device/index.ts";
import { Linear } from "../../src/nn/index.ts";
import { tensor, tidy } from "../../src/tensor/index.ts";
import { Optimizer } from "../../src/training/optimizer.ts";
import { sgd } from "../../src/training/optimizer-spec.ts";
import { testDevice } from "../harness/device.ts";

const [inputs, outputs, batch, lr] = [91_264, 1_000, 2, 0.5];
const weightAt = (o: number, i: number): number => Math.fround((((o * 7919 + i * 104_729) % 1009) - 504) / 1024);
const inputAt = (n: number, i: number): number => Math.fround((((n * 31 + i * 37) % 101) - 50) / 64);
const gradientAt = (n: number, o: number): number => Math.fround((((n * 17 + o * 13) % 23) - 11) / 8);

test("a layer whose weight is larger than one binding has the right gradients and takes a step", async () => {
  // Adapters that bind more at once walk all the same, as the least of them must.
  const facts = { limits: { maxStorageBufferBindingSize: 128 * 2 ** 20 } };
  using device = await openDevice({ adapter: (await testDevice()).info.kind, facts });
  expect(inputs * outputs * 4).toBeGreaterThan(2 * device.limits.maxStorageBufferBindingSize);
  const layer = new Linear(inputs, outputs);
  const host = new Float32Array(inputs * outputs);
  for (let o = 0, at = 0; o < outputs; o++) for (let i = 0; i < inputs; i++) host[at++] = weightAt(o, i);
  layer.weight.set(device, host);
  layer.bias!.set(device, new Float32Array(outputs).fill(0.25));
  const optimizer = new Optimizer(sgd({ lr }), layer.namedParameters());
  const fill = (rows: number, columns: number, value: (n: number, i: number) => number): Float32Array =>
    Float32Array.from({ length: rows * columns }, (_, at) => value(Math.floor(at / columns), at % columns));
  const x = tensor(device, fill(batch, inputs, inputAt), [batch, inputs]).requireGrad();
  const y = layer.forward(x);
  y.backward(tensor(device, fill(batch, outputs, gradientAt), [batch, outputs]));

  /** Error in parts of what float32 may lose: 1e-5 of the largest term, by the square root of their number. */
  const error = (got: number, terms: number[]): number => {
    const want = terms.reduce((a, b) => a + b, 0);
    const top = terms.reduce((m, v) => Math.max(m, Math.abs(v)), 0);
    return got === want ? 0 : Math.abs(got - want) / (1e-5 * Math.sqrt(terms.length) * top);
  };
  const samples = [0, 1, 31, 366, 367, 368, 499, 735, 736, 999];
  const out = await y.data();
  for (const o of samples) {
    const terms = Array.from({ length: inputs }, (_, i) => inputAt(1, i) * weightAt(o, i));
    expect(error(out[outputs + o], [...terms, 0.25]), `y[1, ${o}]`).toBeLessThan(1);
  }
  const dx = await x.grad!.data();
  for (const i of [0, 1, 45_632, 91_263]) {
    const terms = Array.from({ length: outputs }, (_, o) => gradientAt(1, o) * weightAt(o, i));
    expect(error(dx[inputs + i], terms), `dx[1, ${i}]`).toBeLessThan(1);
  }
  /** One row of 91,264 numbers. */
  const row = async (b: Binding, o: number): Promise<Float32Array> =>
    new Float32Array(await device.read({ ...b, offset: (b.offset ?? 0) + o * inputs * 4, bytes: inputs * 4 }));
  const gradient = layer.weight.value.grad!.binding();
  const rows = await Promise.all(samples.map((o) => row(gradient, o)));
  const worst = (errors: (o: number, at: number, i: number) => number): number => {
    let most = 0;
    samples.forEach((o, at) => {
      for (let i = 0; i < inputs; i++) most = Math.max(most, errors(o, at, i));
    });
    return most;
  };
  const terms = (o: number, i: number): number[] => [
    gradientAt(0, o) * inputAt(0, i),
    gradientAt(1, o) * inputAt(1, i),
  ];
  expect(worst((o, at, i) => error(rows[at][i], terms(o, i)))).toBeLessThan(1);
  optimizer.step();
  const moved = await Promise.all(samples.map((o) => row(layer.weight.value.binding(), o)));
  expect(worst((o, at, i) => error(moved[at][i], [weightAt(o, i), -lr * rows[at][i]]))).toBeLessThan(1);
  const { norm, badSteps } = await optimizer.gradients();
  expect(badSteps).toBe(0);
  // |dW|^2 = sum over n, m of (g_n . g_m) (x_n . x_m), and |db|^2 the sum of the squares of the rows' sums.
  const dot = (count: number, a: (i: number) => number, b: (i: number) => number): number => {
    let total = 0;
    for (let i = 0; i < count; i++) total += a(i) * b(i);
    return total;
  };
  let square = dot(
    outputs,
    (o) => gradientAt(0, o) + gradientAt(1, o),
    (o) => gradientAt(0, o) + gradientAt(1, o),
  );
  for (const n of [0, 1])
    for (const m of [0, 1])
      square +=
        dot(
          outputs,
          (o) => gradientAt(n, o),
          (o) => gradientAt(m, o),
        ) *
        dot(
          inputs,
          (i) => inputAt(n, i),
          (i) => inputAt(m, i),
        );
  expect(Math.abs(norm / Math.sqrt(square) - 1)).toBeLessThan(1e-5);
  tidy(() => layer.dispose());
});
