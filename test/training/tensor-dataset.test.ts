import { beforeAll, describe, expect, test } from "vitest";
import type { Device } from "../../src/device/index.ts";
import { ConfigError, DTypeError, ShapeError } from "../../src/errors.ts";
import { Linear } from "../../src/nn/index.ts";
import { mseLoss, Rng } from "../../src/tensor/index.ts";
import { type ItemArray, Optimizer, sgd, Trainer, tensorDataset } from "../../src/training/index.ts";
import { testDevice } from "../harness/device.ts";

let device: Device;
beforeAll(async () => {
  device = await testDevice();
});

const x = Array.from({ length: 10 }, (_, i) => [i / 10, 1 - i / 5, Math.sin(i)]);
const y = x.map(([a, b, c]) => [a - 2 * b + c]);

describe("tensorDataset", () => {
  test("gives the items in their order, the last batch smaller, or left out", () => {
    const data = tensorDataset(x, y, { batchSize: 4 });
    expect([data.size, data.length]).toEqual([10, 3]);
    const batches = [...data.epoch()];
    expect(batches.map((b) => b.items)).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [8, 9],
    ]);
    expect(batches[2].x).toEqual({ data: Float32Array.from([...x[8], ...x[9]]), shape: [2, 3] });
    expect(batches[2].y).toEqual({ data: Float32Array.from([...y[8], ...y[9]]), shape: [2, 1] });
    expect([...tensorDataset(x, y, { batchSize: 4, dropLast: true }).epoch()]).toHaveLength(2);
    expect(tensorDataset(x, y).length).toBe(10);
  });

  test("shuffles by seed and epoch: each item once, another order in each epoch, the same one again", () => {
    const orders = (seed: number, epoch: number): number[] =>
      [...tensorDataset(x, y, { batchSize: 3, shuffle: new Rng(seed), dropLast: false }).epoch(epoch)].flatMap(
        (b) => b.items,
      );
    for (const epoch of [0, 1]) expect(orders(1, epoch).sort((a, b) => a - b)).toEqual([...x.keys()]);
    expect(orders(1, 0)).not.toEqual(orders(1, 1));
    expect(orders(1, 0)).not.toEqual(orders(2, 0));
    expect(orders(1, 1)).toEqual(orders(1, 1));
    expect(tensorDataset(x, y, { batchSize: 3, shuffle: new Rng(1) }).length).toBe(3);
  });

  test("keeps the types of integers, and takes arrays of numbers, typed arrays and shapes alike", async () => {
    const flat = Float32Array.from(x.flat());
    const forms: ItemArray[] = [x, { data: flat, shape: [10, 3] }, { data: x.flat(), shape: [10, 3] }];
    for (const form of forms) {
      const data = tensorDataset(form, Int32Array.from(x.keys()), { batchSize: 5 });
      const [, second] = data.epoch();
      const { x: xs, y: ys } = data.upload(second, device);
      expect([xs.dtype, xs.shape, ys.dtype, ys.shape]).toEqual(["f32", [5, 3], "i32", [5]]);
      expect(await xs.data()).toEqual(flat.slice(15));
      expect([...(await ys.integers())]).toEqual([5, 6, 7, 8, 9]);
      for (const t of [xs, ys]) t.dispose();
    }
    expect([...tensorDataset(new Float64Array([1, 2]), new Uint32Array([7, 8])).epoch()][1]).toEqual({
      x: { data: Float32Array.of(2), shape: [1] },
      y: { data: Uint32Array.of(8), shape: [1] },
      items: [1],
    });
  });

  test("a trainer and a loop by hand come to the same bits", async () => {
    const data = tensorDataset(x, y, { batchSize: 3, shuffle: new Rng(5), dropLast: false });
    const byTrainer = new Linear(3, 1).init(device, new Rng(1));
    const trainer = new Trainer({
      device,
      model: byTrainer,
      rng: new Rng(2),
      optimizer: sgd({ lr: 0.1, momentum: 0.9 }),
      upload: data.upload,
      step: ({ tensors }) => mseLoss(byTrainer.call(tensors.x), tensors.y),
    });
    await trainer.fit(data, { epochs: 3 });
    const byHand = new Linear(3, 1).init(device, new Rng(1));
    const optimizer = new Optimizer(sgd({ lr: 0.1, momentum: 0.9 }), byHand.namedParameters());
    for (const epoch of [0, 1, 2])
      for (const batch of data.epoch(epoch)) {
        const tensors = data.upload(batch, device);
        const loss = mseLoss(byHand.call(tensors.x), tensors.y);
        loss.backward();
        optimizer.step();
        optimizer.zeroGrad();
        for (const t of [loss, tensors.x, tensors.y]) t.dispose();
      }
    expect(await byHand.stateDict()).toEqual(await byTrainer.stateDict());
    expect(trainer.step).toBe(12);
    optimizer.dispose();
    for (const model of [byHand, byTrainer]) model.dispose();
  });

  test.each<[string, ItemArray, ItemArray, new (...a: never[]) => Error, RegExp]>([
    ["another number of items", x, y.slice(1), ShapeError, /x has 10 items in \[10, 3\] and y 9 in \[9, 1\]/],
    ["ragged lists", [[1, 2], [3]], [1, 2], ShapeError, /x begins as lists of \[2, 2\]/],
    ["a list among numbers", [1, [2]], [1, 2], ShapeError, /other lengths/],
    ["text", ["a"] as never, [1], DTypeError, /x holds something else than numbers/],
    ["bytes", new Uint8Array(3) as never, [1, 2, 3], DTypeError, /Float32Array/],
    ["a shape that does not fit", { data: new Float32Array(5), shape: [2, 2] }, [1, 2], ShapeError, /5 numbers/],
    ["nothing", [], [], ConfigError, /no item/],
  ])("refuses %s", (_, xs, ys, kind, message) => {
    const made = () => tensorDataset(xs, ys);
    expect(made).toThrow(kind);
    expect(made).toThrow(message);
  });

  test("refuses a batch larger than the data where the last one is left out", () => {
    expect(() => tensorDataset(x, y, { batchSize: 11, dropLast: true })).toThrow(
      /10 items do not fill one batch of 11/,
    );
    expect(() => tensorDataset(x, y, { batchSize: 0 })).toThrow(ConfigError);
  });
});
