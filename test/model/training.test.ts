import { beforeAll, describe, expect, test } from "vitest";
import type { Device } from "../../src/device/index.ts";
import { heatmapCrossEntropy } from "../../src/landmarks/index.ts";
import { PlanesUNet } from "../../src/models/index.ts";
import { Rng, tensor } from "../../src/tensor/index.ts";
import { adamw, ema, oneCycle, Trainer } from "../../src/training/index.ts";
import { testDevice } from "../harness/device.ts";

let device: Device;
beforeAll(async () => {
  device = await testDevice();
});

describe("the scouts' U-Net, made narrow", () => {
  test("1,000 training steps: live buffers and bytes equal before and after, the pool bounded", async () => {
    const before = device.memory();
    const model = new PlanesUNet({ landmarks: [3, 2, 2], widths: [4, 6, 8] }).init(device, new Rng(1));
    const loss = heatmapCrossEntropy({ sigma: 1 });
    const [n, size] = [2, 16];
    const seen: ReturnType<Device["memory"]>[] = [];
    const trainer = new Trainer<Float32Array>({
      device,
      model,
      rng: new Rng(2),
      optimizer: adamw({ lr: 1e-3, clip: 5 }),
      schedule: oneCycle(),
      ema: ema({ decay: 0.99 }),
      step({ batch, device: on, step }) {
        if (step === 20 || step === 999) seen.push(on.memory());
        const maps = model.forward(
          [0, 1, 2].map((p) =>
            tensor(
              on,
              batch.map((v) => v + p),
              [n, 1, size, size],
            ),
          ),
        );
        return maps
          .map((m) => loss(m, tensor(on, new Float32Array(n * m.shape[1] * 2).fill(3), [n, m.shape[1], 2])))
          .reduce((a, b) => a.add(b));
      },
      readEvery: 10,
    });
    const source = {
      length: 100,
      batch: (_: unknown, rng: Rng) => Float32Array.from({ length: n * size * size }, () => rng.uniform()),
    };
    for await (const _ of trainer.fit(source, { steps: 1000 })) {
      // only run it
    }
    const [early, late] = seen;
    // Between read-backs up to ten losses are held; both steps stand at the same place between two.
    expect(Math.abs(late.liveBuffers - early.liveBuffers)).toBeLessThanOrEqual(10);
    expect(late.pooled).toBeLessThanOrEqual(2 * early.pooled);
    model.dispose();
    const after = device.memory();
    expect({ live: after.live, buffers: after.liveBuffers }).toEqual({
      live: before.live,
      buffers: before.liveBuffers,
    });
  });
});
