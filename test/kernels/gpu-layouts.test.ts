/**
 * How kernels are laid out for GPUs, with wide workgroups, run on whatever adapter there is: no test machine need have a GPU.
 * The op table runs the layouts for software adapters.
 */
import { expect, it } from "vitest";
import { type Device, openDevice } from "../../src/device/index.ts";
import { batchNorm, softmax, type Tensor, tensor, tidy, zeros } from "../../src/tensor/index.ts";
import { testDevice } from "../harness/device.ts";
import type { Ref } from "../ops/common/ref.ts";
import { adapterClass, compare, tolerance } from "../ops/common/tolerance.ts";
import { ops } from "../ops/index.ts";

const chosen = "relu add where matmul batch_norm group_norm instance_norm layer_norm softmax log_softmax".split(" ");
const rounded = (r: Ref): Ref => ({ shape: r.shape, data: Float64Array.from(Float32Array.from(r.data)) });

const asGpu = async (): Promise<Device> =>
  openDevice({ adapter: (await testDevice()).info.kind, facts: { software: false } });

it.each(chosen)("%s agrees with float64, forward and backward", async (op) => {
  using device = await asGpu();
  for (const row of ops[op].samples.rows) {
    const { inputs: raw, attrs } = row.make();
    const inputs = raw.map(rounded);
    const want = ops[op].reference.forward(inputs, attrs);
    const gradOut = rounded({ shape: want.shape, data: want.data.map((_, i) => Math.sin(1 + 0.7 * i)) });
    const grads = ops[op].reference.backward(inputs, attrs, gradOut);
    const onDevice = (r: Ref): Tensor => tensor(device, Float32Array.from(r.data), r.shape);
    const check = (got: Float32Array, ref: Ref, which: "forward" | { grad: number; gradOut: Ref }): void => {
      const allowed = tolerance(ops[op], attrs, inputs, ref, which, adapterClass(device.info));
      expect(compare(got, ref.data, allowed).worst, row.name).toBeLessThanOrEqual(1);
    };
    const xs = inputs.map((r, i) => (grads[i] ? onDevice(r).requireGrad() : onDevice(r)));
    const y = tidy(() => ops[op].call(xs, { ...attrs }));
    check(await y.data(), want, "forward");
    if (grads.some((g) => g !== null)) y.backward(onDevice(gradOut));
    for (const [i, ref] of grads.entries()) if (ref) check(await xs[i].grad!.data(), ref, { grad: i, gradOut });
  }
});

it("long rows and large images give what the layouts for software adapters give", async () => {
  using gpu = await asGpu();
  const host = Float32Array.from({ length: 2 * 3 * 150 * 131 }, (_, i) => Math.sin(0.37 * i) + (i % 97) / 40);
  const slope = Float32Array.from(host, (v, i) => Math.cos(v + i));
  const all = async (device: Device): Promise<Float32Array[]> => {
    // Each op with a gradient of its own: behind a softmax the bias would have none, only rounding.
    const onDevice = (): Tensor => tensor(device, host, [2, 3, 150, 131]).requireGrad();
    const [x, z] = [onDevice(), onDevice()];
    const [weight, bias] = [tensor(device, [1, 2, 3]).requireGrad(), tensor(device, [4, 5, 6]).requireGrad()];
    const normal = batchNorm(x, {
      weight,
      bias,
      runningMean: zeros(device, [3]),
      runningVar: zeros(device, [3]),
      training: true,
    });
    const shares = softmax(z, [2, 3]);
    for (const y of [normal, shares]) y.backward(tensor(device, slope, x.shape));
    return Promise.all([normal, shares, x.grad!, z.grad!, weight.grad!, bias.grad!].map((t) => t.data()));
  };
  const [wide, narrow] = [await all(gpu), await all(await testDevice())];
  wide.forEach((got, k) => {
    const largest = narrow[k].reduce((m, v) => Math.max(m, Math.abs(v)), 0);
    expect(largest).toBeGreaterThan(0);
    got.forEach((v, i) => {
      if (!(Math.abs(v - narrow[k][i]) <= 1e-4 * largest)) throw new Error(`${k}, ${i}: ${v} and ${narrow[k][i]}`);
    });
  });
});
