import type { Device } from "../../src/device/index.ts";
import { Dropout, Layer, Linear, ReLU, Sequential } from "../../src/nn/index.ts";
import { Rng, type Tensor, tensor } from "../../src/tensor/index.ts";
import {
  adamw,
  type BatchSource,
  ema,
  itemBatches,
  oneCycle,
  type StepContext,
  type TrainerOptions,
} from "../../src/training/index.ts";

/** A small net with dropout, and a made-up regression: enough for every part of the trainer to matter. */
export class Toy extends Layer {
  readonly net = new Sequential(new Linear(4, 16), new ReLU(), new Dropout(0.2), new Linear(16, 2));
  forward(x: Tensor): Tensor {
    return this.net.forward(x);
  }
}

export interface ToyBatch {
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly n: number;
}

const points = Float32Array.from({ length: 40 * 4 }, (_, i) => Math.sin(1 + i * 1.7));

export const toySource = (rng: Rng, seen?: string[]): BatchSource<ToyBatch> =>
  itemBatches({
    count: 40,
    batchSize: 6,
    shuffle: rng.fork("order"),
    load(items, noise, at) {
      seen?.push(`${at.step}:${items.join(",")}`);
      const x = Float32Array.from(
        items.flatMap((i) => [...points.subarray(4 * i, 4 * i + 4)]),
        (v) => v + noise.normal(0, 0.05),
      );
      const y = Float32Array.from(
        items.flatMap((i) => [points[4 * i] * points[4 * i + 1], points[4 * i + 2] - points[4 * i + 3]]),
      );
      return { x, y, n: items.length };
    },
  });

export const toyStep =
  (model: Toy) =>
  ({ batch, device }: Pick<StepContext<ToyBatch>, "batch" | "device">): Tensor =>
    model
      .forward(tensor(device, batch.x, [batch.n, 4]))
      .sub(tensor(device, batch.y, [batch.n, 2]))
      .square()
      .mean();

export const toyOptions = (device: Device, seed = 3): TrainerOptions<ToyBatch> & { readonly model: Toy } => {
  const rng = new Rng(seed);
  const model = new Toy().init(device, rng.fork("model"));
  return {
    device,
    model,
    rng: rng.fork("train"),
    step: toyStep(model),
    optimizer: adamw({ lr: 0.02, clip: 1 }),
    schedule: oneCycle(),
    ema: ema({ decay: 0.9 }),
    config: { seed },
  };
};
