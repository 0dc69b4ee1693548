import { beforeAll, describe, expect, test } from "vitest";
import type { Device } from "../../src/device/index.ts";
import {
  type HeatmapLoss,
  heatmapBinaryCrossEntropy,
  heatmapCrossEntropy,
  heatmapMseLoss,
  softArgmax2d,
} from "../../src/landmarks/index.ts";
import { UNet } from "../../src/models/index.ts";
import { noGrad, Rng, tensor, tidy } from "../../src/tensor/index.ts";
import { adam, adamw, ema, oneCycle, Trainer } from "../../src/training/index.ts";
import { testDevice } from "../harness/device.ts";

let device: Device;
beforeAll(async () => {
  device = await testDevice();
});

const size = 16;
const count = 8;

/** Eight images, each with a bright and a dark spot, and where they are. */
const spots = (rng: Rng) => {
  const images = Float32Array.from({ length: count * size * size }, () => rng.normal(0, 0.05));
  const points = new Float32Array(count * 4);
  for (let n = 0; n < count; n++)
    for (const [k, sign] of [1, -1].entries()) {
      const [x, y] = [2 + rng.integer(size - 4), 2 + rng.integer(size - 4)];
      points.set([x, y], n * 4 + k * 2);
      for (const [dx, dy] of [
        [0, 0],
        [1, 0],
        [-1, 0],
        [0, 1],
        [0, -1],
      ])
        images[(n * size + y + dy) * size + x + dx] += sign;
    }
  return { images, points };
};

const data = spots(new Rng(8));
const build = (seed: number): UNet =>
  new UNet({ landmarks: 2, widths: [8, 12], decoderConvs: 1 }).init(device, new Rng(seed));

/**
 * Trains on all eight images at once; gives the losses and the mean radial error in pixels. Maps that were not trained as the
 * logits of one softmax are sharpened by `beta` for the soft-argmax, else the background of 256 pixels pulls to the middle.
 */
async function overfit(loss: HeatmapLoss, steps: number, beta: number): Promise<{ losses: number[]; error: number }> {
  const model = build(1);
  const trainer = new Trainer<typeof data>({
    device,
    model,
    rng: new Rng(2),
    optimizer: adam({ lr: 0.02 }),
    schedule: oneCycle(),
    step: ({ batch, device: on }) =>
      loss(model.forward(tensor(on, batch.images, [count, 1, size, size])), tensor(on, batch.points, [count, 2, 2])),
  });
  for await (const _ of trainer.fit({ length: steps, batch: () => data }, { steps })) {
    // the losses are in the history
  }
  model.eval();
  const found = tidy(() =>
    noGrad(() => softArgmax2d(model.forward(tensor(device, data.images, [count, 1, size, size])), { beta })),
  );
  const got = await found.data();
  found.dispose();
  model.dispose();
  let error = 0;
  for (let i = 0; i < got.length; i += 2) error += Math.hypot(got[i] - data.points[i], got[i + 1] - data.points[i + 1]);
  return { losses: [...trainer.history.series.get("loss")!], error: error / (got.length / 2) };
}

describe("a small U-Net learns eight images", () => {
  test.each([
    ["spatial softmax cross-entropy", heatmapCrossEntropy({ sigma: 0.5 }), 60, 1],
    ["binary cross-entropy", heatmapBinaryCrossEntropy({ sigma: 0.7 }), 100, 4],
    ["mean square", heatmapMseLoss({ sigma: 0.7 }), 100, 20],
  ] as const)("with %s: mean radial error below 0.5 pixels", async (_, loss, steps, beta) => {
    const before = device.memory().liveBuffers;
    const { losses, error } = await overfit(loss, steps, beta);
    expect(losses.length).toBe(steps);
    expect(losses.at(-1)!).toBeLessThan(losses[0] / 2);
    expect(error).toBeLessThan(0.5);
    expect(device.memory().liveBuffers).toBe(before);
  });

  test("the same seed gives the same losses, bit for bit", async () => {
    const run = () => overfit(heatmapCrossEntropy({ sigma: 0.5 }), 6, 1);
    expect(await run()).toEqual(await run());
  });
});

describe("memory", () => {
  test("200 steps hold as many buffers as one", async () => {
    const model = build(3);
    const loss = heatmapCrossEntropy({ sigma: 0.5 });
    const live: number[] = [];
    const bytes: number[] = [];
    const trainer = new Trainer<typeof data>({
      device,
      model,
      rng: new Rng(2),
      optimizer: adamw({ lr: 1e-3, clip: 5 }),
      ema: ema({ decay: 0.99 }),
      readEvery: 1,
      step({ batch, device: on }) {
        live.push(on.memory().liveBuffers);
        bytes.push(on.memory().live);
        return loss(
          model.forward(tensor(on, batch.images, [count, 1, size, size])),
          tensor(on, batch.points, [count, 2, 2]),
        );
      },
    });
    for await (const _ of trainer.fit(
      { length: 50, batch: () => data },
      { steps: 200, validate: async () => ({ loss: 1 }) },
    )) {
      // only run it
    }
    expect(live.length).toBe(200);
    expect(new Set(live).size).toBe(1);
    expect(new Set(bytes).size).toBe(1);
    model.dispose();
  });
});
