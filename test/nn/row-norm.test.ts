import { beforeAll, describe, expect, test } from "vitest";
import type { Device } from "../../src/device/index.ts";
import { GroupNorm, InstanceNorm2d, type Layer, LayerNorm } from "../../src/nn/index.ts";
import { noGrad, Rng, tidy } from "../../src/tensor/index.ts";
import { testDevice } from "../harness/device.ts";

let device: Device;
beforeAll(async () => {
  device = await testDevice();
});

const names = (layer: Layer): string[] => [...layer.namedState()].map(([n]) => n);

describe("group, instance and layer norm as layers", () => {
  test("have PyTorch's names, shapes and first values", async () => {
    expect(names(new GroupNorm(2, 6))).toEqual(["weight", "bias"]);
    expect(names(new GroupNorm(2, 6, { affine: false }))).toEqual([]);
    expect(names(new InstanceNorm2d(6))).toEqual([]);
    expect(names(new InstanceNorm2d(6, { affine: true, trackRunningStats: true }))).toEqual([
      "weight",
      "bias",
      "running_mean",
      "running_var",
      "num_batches_tracked",
    ]);
    expect(names(new LayerNorm([4, 5]))).toEqual(["weight", "bias"]);
    expect(names(new LayerNorm(5, { bias: false }))).toEqual(["weight"]);
    using layer = new LayerNorm([2, 3]).init(device, new Rng(1));
    const state = await layer.stateDict();
    expect(state.get("weight")).toMatchObject({ shape: [2, 3], data: new Float32Array(6).fill(1) });
    expect(state.get("bias")).toMatchObject({ shape: [2, 3], data: new Float32Array(6) });
  });

  test("give values of mean 0 and deviation 1, and gradients to what they own", async () => {
    const x = new Rng(2).normal(device, [3, 4, 5, 6], { mean: 7, deviation: 3 });
    for (const layer of [new GroupNorm(2, 4), new InstanceNorm2d(4, { affine: true }), new LayerNorm([4, 5, 6])]) {
      layer.init(device, new Rng(1));
      const y = tidy(() => layer.forward(x));
      const data = await y.data();
      const mean = data.reduce((a, b) => a + b, 0) / data.length;
      expect(Math.abs(mean)).toBeLessThan(1e-5);
      expect(data.reduce((a, b) => a + (b - mean) ** 2, 0) / data.length).toBeCloseTo(1, 4);
      tidy(() => y.square().sum().backward());
      for (const p of layer.parameters()) expect((await p.value.grad!.data()).some((v) => v !== 0)).toBe(true);
      y.dispose();
      layer.dispose();
    }
    x.dispose();
  });

  test("instance norm with tracking normalizes by what it tracked, in evaluation alone", async () => {
    using layer = new InstanceNorm2d(2, { trackRunningStats: true, momentum: 1 }).init(device, new Rng(1));
    const x = new Rng(2).normal(device, [2, 2, 5, 6], { mean: 7 });
    const mean = async (): Promise<number> => {
      const y = tidy(() => noGrad(() => layer.forward(x)));
      const data = await y.data();
      y.dispose();
      return data.reduce((a, b) => a + b, 0) / data.length;
    };
    layer.eval();
    expect(await mean()).toBeCloseTo(7, 0);
    layer.train();
    expect(await mean()).toBeCloseTo(0, 5);
    layer.eval();
    expect(await mean()).toBeCloseTo(0, 5);
    x.dispose();
  });
});
