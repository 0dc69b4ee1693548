import { describe, expect, test } from "vitest";
import { DTypeError } from "../../src/errors.ts";
import { floatsFromHalves, halvesFromFloats } from "../../src/half.ts";
import { readSafetensors, writeSafetensors } from "../../src/io/index.ts";
import { UNet } from "../../src/models/index.ts";
import { BatchNorm2d, Conv2d, Linear, ReLU, Sequential } from "../../src/nn/index.ts";
import { cast, mul, noGrad, Rng, recordStep, Tensor, tensor, tidy } from "../../src/tensor/index.ts";
import { Ema } from "../../src/training/ema.ts";
import { Optimizer } from "../../src/training/optimizer.ts";
import { sgd } from "../../src/training/optimizer-spec.ts";
import { testDevice } from "../harness/device.ts";

const device = await testDevice();
const waves = (n: number): Float32Array =>
  Float32Array.from({ length: n }, (_, i) => Math.sin(0.3 * i) + 0.5 * Math.cos(0.011 * i));
const round = (v: Float32Array): Float32Array => floatsFromHalves(halvesFromFloats(v));

/** Running statistics as after some training, so that batch norm is none of the simple ones. */
function settle(net: Sequential | UNet): void {
  for (const [, m] of net.namedModules())
    if (m instanceof BatchNorm2d) {
      const c = m.runningMean.shape[0];
      m.runningMean.set(
        device,
        waves(c).map((v) => 0.1 * v),
      );
      m.runningVar.set(
        device,
        waves(c).map((v) => 0.6 + 0.2 * v),
      );
      m.weight.set(
        device,
        waves(c).map((v) => 1 + 0.2 * v),
      );
    }
}

const net = (): UNet => {
  const unet = new UNet({ landmarks: 5, widths: [16, 24, 32], upsample: "bilinear" }).init(device, new Rng(3)).eval();
  settle(unet);
  return unet;
};

/** Root of the mean square of a difference over that of what it is compared with. */
const apart = (got: Float32Array, want: Float32Array): number => {
  const square = (f: (i: number) => number) => want.reduce((s, _, i) => s + f(i) ** 2, 0);
  return Math.sqrt(square((i) => got[i] - want[i]) / square((i) => want[i]));
};

if (device.features.has("shader-f16"))
  describe("a model in float16", () => {
    test("a U-Net gives its float32 heat-maps up to rounding, in half the memory", async () => {
      using wide = net();
      using half = new UNet({ landmarks: 5, widths: [16, 24, 32], upsample: "bilinear" }).eval().half();
      half.load(device, await wide.stateDict());
      const image = tensor(device, waves(2 * 64 * 64), [2, 1, 64, 64]);
      const run = async (model: UNet, x: Tensor) => {
        device.pool.resetPeak();
        const before = device.memory().live;
        const y = noGrad(() => tidy(() => model.forward(x)));
        const used = device.memory().peak - before;
        const data = await y.data();
        y.dispose();
        return { data, used };
      };
      const small = cast(image, "f16");
      const [one, two] = [await run(wide, image), await run(half, small)];
      expect(apart(two.data, one.data)).toBeLessThan(2e-3);
      expect(apart(two.data, one.data)).toBeGreaterThan(1e-5); // not the float32 network by mistake
      // Spectra are float32 for both.
      device.variants.set("conv2d", "direct");
      const [a, b] = [await run(wide, image), await run(half, small)];
      device.variants.clear();
      expect(b.used / a.used).toBeGreaterThan(0.45);
      expect(b.used / a.used).toBeLessThan(0.55);
      image.dispose();
      small.dispose();
    });

    test("half() and float() keep handles' shapes, round once, and give the memory back", async () => {
      const before = device.memory().liveBuffers;
      const model = new Linear(64, 32).init(device, new Rng(1));
      const whole = device.memory().live;
      const weights = (await model.stateDict()).get("weight")!.data as Float32Array;
      expect(model.half()).toBe(model);
      expect(model.weight.value.dtype).toBe("f16");
      expect(device.memory().live).toBeLessThan(whole);
      expect(model.weight.value.requiresGrad).toBe(false);
      expect(await model.weight.value.data()).toEqual(round(weights));
      model.half();
      model.float();
      expect(model.weight.value.dtype).toBe("f32");
      expect(model.weight.value.requiresGrad).toBe(true);
      expect(await model.weight.value.data()).toEqual(round(weights));
      model.dispose();
      expect(device.memory().liveBuffers).toBe(before);
    });

    test("its state is F16, goes through a safetensors file, and loads into either kind", async () => {
      using model = new Linear(6, 4).init(device, new Rng(1)).half();
      const state = await model.stateDict();
      expect(state.get("weight")!.dtype).toBe("F16");
      const file = readSafetensors(writeSafetensors(state));
      using wide = new Linear(6, 4).load(device, file);
      using again = new Linear(6, 4).half().load(device, file);
      const numbers = await model.weight.value.data();
      expect(await wide.weight.value.data()).toEqual(numbers);
      expect(await again.weight.value.data()).toEqual(numbers);
      expect(again.weight.value.dtype).toBe("f16");
    });

    test("batch norm folds into a convolution as it stands behind it", async () => {
      using model = new Sequential(new Conv2d(3, 8, 3, { padding: 1 }), new BatchNorm2d(8), new ReLU());
      model.init(device, new Rng(2)).eval();
      settle(model);
      model.half();
      const x = tensor(device, waves(3 * 100), [1, 3, 10, 10], "f16");
      const fused = noGrad(() => tidy(() => model.forward(x)));
      const apartFrom = noGrad(() => tidy(() => model.layers.reduce((t, layer) => (layer as ReLU).forward(t), x)));
      expect(fused.dtype).toBe("f16");
      expect(apart(await fused.data(), await apartFrom.data())).toBeLessThan(1e-3);
      for (const t of [x, fused, apartFrom]) t.dispose();
    });

    test("a recorded step runs again on new numbers", async () => {
      using model = net().half();
      const [one, two] = [waves(32 * 32), waves(32 * 32).map((v) => 1 - v)];
      const x = tensor(device, one, [1, 1, 32, 32], "f16");
      const plain = async (): Promise<Float32Array> => {
        const y = noGrad(() => tidy(() => model.forward(x)));
        const data = await y.data();
        y.dispose();
        return data;
      };
      using step = recordStep(device, () => noGrad(() => model.forward(x)));
      expect(await step.value.data()).toEqual(await plain());
      x.write(two);
      step.run();
      const got = await step.value.data();
      expect(got).toEqual(await plain());
      x.dispose();
    });

    test("a warm-up compiles its kernels", async () => {
      using model = new Sequential(new Conv2d(2, 5, 3), new ReLU(), new Conv2d(5, 3, 1))
        .init(device, new Rng(1))
        .half();
      const x = tensor(device, waves(2 * 49), [1, 2, 7, 7], "f16");
      const work = () => noGrad(() => tidy(() => mul(model.forward(x), 2)));
      const made: Tensor[] = [];
      await device.warmUp(() => made.push(work())); // alive to the end, or nobody asks for the last op
      made[0].dispose();
      const compiled = device.pipelines.size;
      const y = work();
      await y.data();
      expect(device.pipelines.size).toBe(compiled);
      x.dispose();
      y.dispose();
    });

    test("training it is refused", () => {
      using model = new Linear(4, 2).init(device, new Rng(1)).half();
      expect(() => new Optimizer(sgd({ lr: 1 }), model.namedParameters())).toThrow(
        /weight is float16.*model\.float\(\)/,
      );
      expect(() => new Ema({ decay: 0.9 }, model)).toThrow(/weight is float16/);
      const x = tensor(device, waves(4), [1, 4]);
      expect(() => model.forward(x)).toThrow(DTypeError);
      expect(() => model.forward(x)).toThrow('make them one with cast(x, "f16")');
      x.dispose();
    });
  });
else
  test("half() is refused before anything changes", () => {
    using model = new Linear(4, 2).init(device, new Rng(1));
    expect(() => model.half()).toThrow(DTypeError);
    expect(() => model.half()).toThrow("shader-f16");
    expect(model.weight.value.dtype).toBe("f32");
    using empty = new Linear(4, 2).half();
    expect(() => empty.init(device, new Rng(1))).toThrow("shader-f16");
  });

test("a model without a device is float16 by shape", () => {
  const model = new UNet({ landmarks: 5, widths: [16, 24] }).eval().half();
  const y = model.forward(Tensor.meta([1, 1, 32, 32], "f16"));
  expect([y.dtype, y.shape]).toEqual(["f16", [1, 5, 32, 32]]);
});
