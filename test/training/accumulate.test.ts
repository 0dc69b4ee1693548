import { beforeAll, describe, expect, test } from "vitest";
import type { Device } from "../../src/device/index.ts";
import { ConfigError } from "../../src/errors.ts";
import { Linear, ReLU, Sequential } from "../../src/nn/index.ts";
import { Rng, type Tensor, tensor } from "../../src/tensor/index.ts";
import {
  type BatchPlace,
  type BatchSource,
  itemBatches,
  MemoryStore,
  oneCycle,
  sgd,
  Trainer,
  type TrainerOptions,
} from "../../src/training/index.ts";
import { testDevice } from "../harness/device.ts";
import { type ToyBatch, toyOptions, toySource } from "./toy.ts";

let device: Device;
beforeAll(async () => {
  device = await testDevice();
});

type Tensors = { readonly x: Tensor; readonly y: Tensor };
const upload = ({ x, y, n }: ToyBatch, on: Device): Tensors => ({ x: tensor(on, x, [n, 4]), y: tensor(on, y, [n, 2]) });

/** Forty items in one order of their own in each epoch, so that batches of 2 and of 6 go through the same items. */
const source = (batchSize: number, seen?: BatchPlace[]): BatchSource<ToyBatch> =>
  itemBatches({
    count: 40,
    batchSize,
    shuffle: new Rng(11),
    dropLast: false,
    load(items, _, at) {
      seen?.push(at);
      const x = Float32Array.from({ length: items.length * 4 }, (_, i) =>
        Math.sin(1 + (items[i >> 2] * 4 + (i % 4)) * 1.7),
      );
      const y = Float32Array.from({ length: items.length * 2 }, (_, i) => Math.cos(items[i >> 1] + (i % 2)));
      return { x, y, n: items.length };
    },
  });

/** Trains without dropout and batch norm: batches of `size`, `accumulate` of them a step. */
async function train(size: number, extra: Partial<TrainerOptions<ToyBatch, Tensors>>, epochs = 3) {
  const model = new Sequential(new Linear(4, 12), new ReLU(), new Linear(12, 2)).init(device, new Rng(4));
  const rates: number[] = [];
  const places: BatchPlace[] = [];
  const trainer = new Trainer<ToyBatch, Tensors>({
    device,
    model,
    rng: new Rng(5),
    optimizer: sgd({ lr: 0.2, momentum: 0.9, clip: 1 }),
    schedule: oneCycle(),
    upload,
    step: ({ tensors: { x, y } }) => model.forward(x).sub(y).square().mean(),
    ...extra,
  });
  for await (const { lr } of trainer.fit(source(size, places), { epochs })) rates.push(lr);
  const weights = [...(await model.stateDict())].flatMap(([, t]) => [...(t.data as Float32Array)]);
  model.dispose();
  return { weights, losses: [...trainer.history.series.get("loss")!], rates, steps: trainer.step, places };
}

describe("gradients of several batches in one step", () => {
  // Epochs of 20 batches of 2: six steps of three and one of two, which one batch of 6 and at the end of 4 would be.
  test("are those of the large batch, its losses and rates too, with a short last step in each epoch", async () => {
    const large = await train(6, {});
    const small = await train(2, { accumulate: 3 });
    expect(small.steps).toBe(21);
    expect(large.steps).toBe(21);
    expect(small.rates).toEqual(large.rates);
    // Float32 sums in another order, through 21 steps with momentum.
    for (const [i, v] of small.losses.entries()) expect(v).toBeCloseTo(large.losses[i], 5);
    for (const [i, v] of small.weights.entries()) expect(v).toBeCloseTo(large.weights[i], 5);
    // Were the short step divided by three too, the weights would be off by far more than that.
    const alone = await train(2, {});
    expect(Math.abs(alone.weights[0] - large.weights[0])).toBeGreaterThan(1e-2);
  });

  test("give the same bits from a record and plainly, with dropout in each batch", async () => {
    const run = async (record: boolean, batch: number) => {
      const base = toyOptions(device);
      const store = new MemoryStore();
      let calls = 0;
      const trainer = new Trainer<ToyBatch, Tensors>({
        ...base,
        upload,
        store,
        record,
        accumulate: batch,
        step({ tensors: { x, y } }) {
          calls++;
          return base.model.forward(x).sub(y).square().mean();
        },
      });
      await trainer.fit(toySource(base.rng), { epochs: 4 });
      base.model.dispose();
      return { calls, steps: trainer.step, bytes: store.files.get("last.safetensors") };
    };
    const plain = await run(false, 2);
    const recorded = await run(true, 2);
    expect(plain).toMatchObject({ calls: 24, steps: 12 });
    expect(recorded).toMatchObject({ calls: 4, steps: 12 });
    expect(recorded.bytes).toEqual(plain.bytes);
  });

  test("take the batches that plain steps would, in order, each with its own place", async () => {
    const { places } = await train(2, { accumulate: 3 }, 2);
    expect(places.map((p) => p.step)).toEqual(Array.from({ length: 40 }, (_, i) => i));
    expect(places[39]).toEqual({ step: 39, epoch: 1, index: 19 });
  });

  test("stopped and resumed: the bits of the uninterrupted run", async () => {
    const whole = new MemoryStore();
    const want = await train(2, { accumulate: 3, store: whole });
    const store = new MemoryStore();
    const controller = new AbortController();
    const build = () => new Sequential(new Linear(4, 12), new ReLU(), new Linear(12, 2)).init(device, new Rng(4));
    for (const resume of [false, true]) {
      const model = build();
      const trainer = new Trainer<ToyBatch, Tensors>({
        device,
        model,
        rng: new Rng(5),
        optimizer: sgd({ lr: 0.2, momentum: 0.9, clip: 1 }),
        schedule: oneCycle(),
        upload,
        accumulate: 3,
        store,
        readEvery: 1,
        step: ({ tensors: { x, y } }) => model.forward(x).sub(y).square().mean(),
        onEvent: (e) => {
          if (!resume && e.type === "steps" && e.to === 10) controller.abort();
        },
      });
      await trainer.fit(source(2), { epochs: 3, resume, signal: resume ? undefined : controller.signal });
      model.dispose();
    }
    expect(store.files.get("last.safetensors")).toEqual(whole.files.get("last.safetensors"));
    expect(want.steps).toBe(21);
  });

  test("a count that is none, and several optimizers, are refused", () => {
    const base = toyOptions(device);
    const options = { ...base, step: () => undefined as never };
    expect(() => new Trainer({ ...options, accumulate: 0 })).toThrow(/accumulate is 0; give an integer of 1 or more/);
    expect(() => new Trainer({ ...options, accumulate: 2, optimizer: { a: sgd({ lr: 1 }) } })).toThrow(ConfigError);
    base.model.dispose();
  });
});
