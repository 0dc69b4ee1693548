import { beforeAll, describe, expect, it } from "vitest";
import type { Device } from "../../../src/device/index.ts";
import { batchNorm, Tensor, tensor, tidy, zeros } from "../../../src/tensor/index.ts";
import { checkAgainstReference, expectClose, normals } from "../../harness/check.ts";
import { testDevice } from "../../harness/device.ts";
import type { Ref } from "../../ops/common/ref.ts";
import { channelStatistics } from "../../ops/norm/batch-norm.ts";

let device: Device;
beforeAll(async () => {
  device = await testDevice();
});

const withOffset = (x: Ref, offset: number): Ref => ({ ...x, data: x.data.map((v) => Math.fround(v + offset)) });
const inputsOf = (x: Ref): Ref[] => {
  const c = [x.shape[1]];
  const variance = normals("variance", c);
  return [
    x,
    normals("weight", c),
    normals("bias", c),
    normals("mean", c),
    { shape: c, data: variance.data.map((v) => Math.fround(0.2 + v * v)) },
  ];
};

/** `low`: the smallest deviation of a channel, which magnifies the error of x. */
const rows: Record<string, { x: Ref; low?: number }> = {
  "a prime image": { x: normals("a", [3, 5, 7, 11]) },
  "one sample, one channel": { x: normals("b", [1, 1, 13, 5]) },
  "vectors [N, C]": { x: normals("c", [7, 13]) },
  "sequences [N, C, L]": { x: normals("d", [2, 3, 150]) },
  "volumes [N, C, D, H, W]": { x: normals("e", [2, 3, 3, 5, 7]) },
  "two values a channel": { x: { shape: [2, 3, 1, 1], data: Float64Array.of(1, 2, 3, 4, 6, 8) } },
  "many workgroups": { x: normals("f", [5, 7, 67, 59]) },
  "a far offset": { x: withOffset(normals("g", [4, 3, 31, 17]), 1000) },
};

describe("batchNorm", () => {
  for (const [name, { x }] of Object.entries(rows))
    for (const training of [true, false])
      it(`${name}, ${training ? "training" : "eval"}`, async () => {
        const inputs = inputsOf(x);
        const attrs = { training, eps: 1e-5 };
        const { variance } = channelStatistics(inputs, attrs);
        const steepest = Math.max(1, ...Array.from(variance, (v) => 1 / Math.sqrt(v + 1e-5)));
        const largest = x.data.reduce((m, v) => Math.max(m, Math.abs(v)), 0);
        await checkAgainstReference(device, {
          op: "batch_norm",
          attrs,
          inputs,
          run: ([x, w, b, m, v]) =>
            batchNorm(x, { weight: w, bias: b, runningMean: m, runningVar: v, training, momentum: 0 }),
          constants: [3, 4],
          terms: 2,
          gradTerms: x.data.length / x.shape[1],
          scale: Math.max(1, steepest * Math.min(largest, 100)) * 2,
          gradScale: 3 * steepest * Math.min(largest, 100),
        });
      });

  it("moves the running statistics as PyTorch does, the variance unbiased, and only in training", async () => {
    const x = normals("x", [3, 2, 5, 7], 2, 3);
    const [, w, b, mean, variance] = inputsOf(x);
    const { mean: m, variance: biased, length } = channelStatistics([x], { training: true });
    const before = device.memory().liveBuffers;
    const load = (r: Ref): Tensor => tensor(device, Float32Array.from(r.data), r.shape);
    const [rm, rv] = [load(mean), load(variance)];
    tidy(() =>
      batchNorm(load(x), {
        weight: load(w),
        bias: load(b),
        runningMean: rm,
        runningVar: rv,
        training: true,
        momentum: 0.3,
      }).dispose(),
    );
    const wantVar = variance.data.map((v, c) => 0.7 * v + (0.3 * biased[c] * length) / (length - 1));
    const moved = await rm.data();
    expectClose(
      "running mean",
      moved,
      mean.data.map((v, c) => 0.7 * v + 0.3 * m[c]),
      1e-5,
    );
    expectClose("running variance", await rv.data(), wantVar, 1e-5 * 8);
    expect([rm.storage.version, rv.storage.version]).toEqual([1, 1]);
    tidy(() => {
      batchNorm(load(x), {
        weight: load(w),
        bias: load(b),
        runningMean: rm,
        runningVar: rv,
        training: false,
        momentum: 0.3,
      });
      batchNorm(load(x), {
        weight: load(w),
        bias: load(b),
        runningMean: rm,
        runningVar: rv,
        training: true,
        momentum: 0,
      });
    });
    expect([...(await rm.data())]).toEqual([...moved]);
    expect([rm.storage.version, rv.storage.version]).toEqual([1, 1]);
    rm.dispose();
    rv.dispose();
    expect(device.memory().liveBuffers).toBe(before);
  });

  it("gives gradients although a training step moved the running statistics after an eval forward", async () => {
    const x = normals("x", [3, 2, 5, 7]);
    const [, w, b, mean, variance] = inputsOf(x);
    const load = (r: Ref): Tensor => tensor(device, Float32Array.from(r.data), r.shape);
    const grad = (disturb: boolean): Tensor =>
      tidy(() => {
        const [tx, tw, tb, rm, rv] = [x, w, b, mean, variance].map(load);
        tw.requireGrad();
        const y = batchNorm(tx, { weight: tw, bias: tb, runningMean: rm, runningVar: rv, training: false });
        if (disturb) batchNorm(tx, { weight: tw, bias: tb, runningMean: rm, runningVar: rv, training: true });
        y.square().sum().backward();
        return tw.grad!.detach();
      });
    const [plain, disturbed] = [grad(false), grad(true)];
    expect(await disturbed.data()).toEqual(await plain.data());
    plain.dispose();
    disturbed.dispose();
  });

  it("a constant channel gives its bias and no NaN; a batch of none stays empty", async () => {
    const [y, none] = tidy(() => {
      const x = tensor(device, new Float32Array(24).fill(3.7), [2, 2, 2, 3]);
      const one = tensor(device, [1, 1]);
      const bias = tensor(device, [0.5, -2]);
      const options = { training: true };
      const run = (x: Tensor): Tensor =>
        batchNorm(x, {
          weight: one,
          bias,
          runningMean: zeros(device, [2]),
          runningVar: tensor(device, [1, 1]),
          ...options,
        });
      return [run(x), run(tensor(device, [], [0, 2, 4, 4]))];
    });
    expect(new Set(await y.data())).toEqual(new Set([0.5, -2]));
    expect(none.shape).toEqual([0, 2, 4, 4]);
    y.dispose();
    none.dispose();
  });

  it("says what does not fit", () => {
    const c = (n: number): Tensor => Tensor.meta([n]);
    const x = Tensor.meta([2, 3, 4, 5]);
    expect(() =>
      batchNorm(x, { weight: c(3), bias: c(4), runningMean: c(3), runningVar: c(3), training: true }),
    ).toThrow("batchNorm: bias is [4] but x [N=2, C=3, H=4, W=5] has C=3; make it [3]");
    expect(() =>
      batchNorm(c(3), { weight: c(3), bias: c(3), runningMean: c(3), runningVar: c(3), training: true }),
    ).toThrow(/x is \[3\]; it must be \[N, C, ...\]/);
    const single = Tensor.meta([1, 3, 1, 1]);
    expect(() =>
      batchNorm(single, { weight: c(3), bias: c(3), runningMean: c(3), runningVar: c(3), training: true }),
    ).toThrow(/has one value a channel/);
    expect(
      batchNorm(single, { weight: c(3), bias: c(3), runningMean: c(3), runningVar: c(3), training: false }).shape,
    ).toEqual([1, 3, 1, 1]);
  });
});
