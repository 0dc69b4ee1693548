import { describe, expect, it } from "vitest";
import { DeviceError, openDevice, Rng, tidy } from "../../src/index.ts";
import { BatchNorm2d, Conv2d, Dropout, ReLU, Sequential } from "../../src/nn/index.ts";
import { keep, mseLoss, type Tensor } from "../../src/tensor/index.ts";
import { adam, Optimizer } from "../../src/training/index.ts";
import { testDevice } from "../harness/device.ts";

async function small() {
  const device = await openDevice({ adapter: (await testDevice()).info.kind });
  const rng = new Rng(6);
  const model = new Sequential(new Conv2d(1, 4, 3), new BatchNorm2d(4), new ReLU(), new Dropout(0.3)).init(
    device,
    rng.fork("model"),
  );
  model.train();
  const optimizer = new Optimizer(adam({ lr: 0.01 }), model.namedParameters());
  const x = keep(rng.fork("x").normal(device, [2, 1, 9, 8]));
  const y = keep(rng.fork("y").normal(device, [2, 4, 7, 6]));
  const step = (): Tensor => {
    const loss = mseLoss(model.forward(x), y);
    loss.backward();
    optimizer.step();
    optimizer.zeroGrad();
    return loss;
  };
  const losses = async (): Promise<number[]> => {
    const out: number[] = [];
    for (let i = 0; i < 3; i++) {
      model.reseed(rng.fork(`masks ${i}`));
      const loss = tidy(step);
      out.push(await loss.item());
      loss.dispose();
    }
    return out;
  };
  return { device, model, x, step, losses };
}

describe("warmUp", () => {
  it("compiles what a step needs, runs nothing, and leaves weights, statistics and counters as they were", async () => {
    const [cold, warm] = [await small(), await small()];
    const { device, model, step } = warm;
    const { dispatches } = device.counts;
    const before = device.memory().liveBuffers;
    const compiled = await device.warmUp(() => tidy(step).dispose());
    expect(compiled).toBeGreaterThan(8);
    expect(device.counts.dispatches).toBe(dispatches);
    expect(device.memory().liveBuffers).toBe(before);
    for (const p of model.parameters()) expect(p.value.grad).toBeNull();
    const kernels = device.pipelines.size;
    expect(await warm.losses()).toEqual(await cold.losses());
    expect(device.pipelines.size).toBe(kernels); // none was missing
    expect(await device.warmUp(() => tidy(step).dispose())).toBe(0);
    for (const s of [cold, warm]) s.device.destroy();
  });

  it("works out first what waits, and refuses to read", async () => {
    const { device, x } = await small();
    const waiting = x.mul(2);
    let read: Promise<unknown> | undefined;
    await device.warmUp(() => {
      read = x.data();
    });
    await expect(read).rejects.toThrow(DeviceError);
    await expect(read).rejects.toThrow(/nothing to read yet/);
    const [a, b] = [await x.data(), await waiting.data()];
    expect(b).toEqual(a.map((v) => 2 * v));
    await expect(
      device.warmUp(() => {
        throw new Error("mine");
      }),
    ).rejects.toThrow("mine");
    expect((await x.add(1).data())[0]).toBeCloseTo(a[0] + 1);
    device.destroy();
  });
});
