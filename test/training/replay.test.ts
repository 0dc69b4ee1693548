import { beforeAll, describe, expect, test } from "vitest";
import { type AdapterChoice, type Device, openDevice } from "../../src/device/index.ts";
import type { StateDict } from "../../src/nn/index.ts";
import { type Rng, type Tensor, tensor } from "../../src/tensor/index.ts";
import {
  type FitOptions,
  itemBatches,
  MemoryStore,
  sgd,
  Trainer,
  type TrainerEvent,
  type TrainerOptions,
} from "../../src/training/index.ts";
import { testDevice } from "../harness/device.ts";
import { type Toy, type ToyBatch, toyOptions, toySource } from "./toy.ts";

let device: Device;
beforeAll(async () => {
  device = await testDevice();
});

interface ToyTensors {
  readonly x: Tensor;
  readonly y: Tensor;
}
type Options = TrainerOptions<ToyBatch, ToyTensors>;

const upload = ({ x, y, n }: ToyBatch, on: Device): ToyTensors => ({
  x: tensor(on, x, [n, 4]),
  y: tensor(on, y, [n, 2]),
});

interface Run {
  readonly losses: number[];
  readonly weights: StateDict;
  /** Weights, averages, moments, counts and history, as the last checkpoint has them. */
  readonly checkpoint: Uint8Array | undefined;
  readonly reasons: string[];
  /** How often the step function ran. */
  readonly calls: number;
  readonly events: TrainerEvent[];
}

const run = async (
  extra: Partial<Options> = {},
  fit: FitOptions = { epochs: 3 },
  { on = device, source = toySource, layers = (m: Toy) => m } = {},
): Promise<Run> => {
  const base = toyOptions(on);
  const model = layers(base.model);
  const store = new MemoryStore();
  const events: TrainerEvent[] = [];
  let calls = 0;
  const { step = ({ tensors: { x, y } }) => model.forward(x).sub(y).square().mean(), ...others } = extra;
  const trainer = new Trainer<ToyBatch, ToyTensors>({
    ...base,
    upload,
    store,
    onEvent: (e) => events.push(e),
    step(context) {
      calls++;
      return step(context);
    },
    ...others,
  });
  await trainer.fit(source(base.rng), fit);
  const out = {
    losses: [...trainer.history.series.get("loss")!],
    weights: await model.stateDict(),
    checkpoint: store.files.get("last.safetensors"),
    reasons: events.flatMap((e) => (e.type === "plain-steps" ? [e.reason] : [])),
    calls,
    events,
  };
  model.dispose();
  return out;
};
const steps = 18;

describe("a trainer that runs its steps from a record", () => {
  test("gives the bits of plain steps in everything a checkpoint holds: dropout, schedule, clip, averages, history", async () => {
    const before = device.memory().liveBuffers;
    const plain = await run({ record: false });
    const recorded = await run();
    expect(plain.calls).toBe(steps);
    expect(recorded.calls).toBe(2); // the first plainly, the second while it is recorded
    expect(recorded.reasons).toEqual([]);
    expect(recorded.losses).toEqual(plain.losses);
    expect(recorded.weights).toEqual(plain.weights);
    expect(recorded.checkpoint).toEqual(plain.checkpoint);
    expect(new Set(recorded.losses).size).toBe(steps);
    expect(device.memory().liveBuffers).toBe(before);
  });

  test("leaves a step with NaN out, as plain steps do", async () => {
    const poisoned = (rng: Rng) => {
      const clean = toySource(rng);
      return {
        ...clean,
        batch: async (at: Parameters<typeof clean.batch>[0], noise: Rng) => {
          const batch = await clean.batch(at, noise);
          return at.step === 9 ? { ...batch, y: batch.y.map((v, i) => (i === 3 ? Number.NaN : v)) } : batch;
        },
      };
    };
    const both = [];
    for (const record of [false, true])
      both.push(await run({ guard: "skip", record }, { epochs: 3 }, { source: poisoned }));
    expect(both[1].calls).toBe(2);
    expect(both[1].losses).toEqual(both[0].losses);
    expect(both[1].losses.filter(Number.isNaN).length).toBe(1);
    expect(both[1].checkpoint).toEqual(both[0].checkpoint);
  });

  test("records anew where the model's tensors were replaced, and after a lost device", async () => {
    const reloading = async (record: boolean) => {
      let model: Toy | undefined;
      const result = await run(
        { record, ema: undefined },
        {
          epochs: 3,
          async validate({ epoch }) {
            const state = await model!.stateDict();
            if (epoch === 1) model!.dispose();
            model!.load(device, state);
            return { loss: 1 };
          },
        },
        { layers: (m) => (model = m) },
      );
      return result;
    };
    const [plain, recorded] = [await reloading(false), await reloading(true)];
    expect(recorded.checkpoint).toEqual(plain.checkpoint);
    expect(recorded.calls).toBe(3);

    const adapter = process.env.FIDUCIAL_ADAPTER as AdapterChoice | undefined;
    const opened = [await openDevice({ adapter })];
    let lost = false;
    const want = await run();
    const got = await run(
      {
        readEvery: 4,
        openDevice: async () => {
          opened.push(await openDevice({ adapter }));
          return opened[1];
        },
        onEvent: (e) => {
          if (e.type !== "steps" || e.to !== 10 || lost) return;
          lost = true;
          opened[0].destroy();
        },
      },
      { epochs: 3 },
      { on: opened[0] },
    );
    expect(lost).toBe(true);
    expect(got.losses).toEqual(want.losses);
    expect(got.weights).toEqual(want.weights);
    expect(got.calls).toBe(4);
    for (const d of opened) d.destroy();
  });

  test("runs batches of other shapes plainly, and tells so once", async () => {
    const uneven = (rng: Rng) =>
      itemBatches<ToyBatch>({
        count: 20,
        batchSize: 6,
        shuffle: rng.fork("order"),
        dropLast: false,
        load: (items) => ({
          x: Float32Array.from({ length: items.length * 4 }, (_, i) => Math.sin(items[i >> 2] + i)),
          y: new Float32Array(items.length * 2),
          n: items.length,
        }),
      });
    const plain = await run({ record: false }, { epochs: 3 }, { source: uneven });
    const recorded = await run({}, { epochs: 3 }, { source: uneven });
    expect(recorded.checkpoint).toEqual(plain.checkpoint);
    expect(recorded.calls).toBe(2 + 3); // with the last batch of each epoch
    expect(recorded.reasons).toEqual([expect.stringMatching(/^batches of other shapes/)]);
  });
});

describe("a step that cannot be repeated runs plainly, with the bits of plain steps, and the reason is told once", () => {
  const forward = (model: () => Toy, { x, y }: ToyTensors): Tensor => model().forward(x).sub(y).square().mean();
  const cases: [string, RegExp, (model: () => Toy) => Partial<Options>][] = [
    [
      "it reads the batch on the host",
      /reads `batch`.*use what `upload` makes of it/,
      (model) => ({
        step: ({ batch, device: on }) => forward(model, upload(batch, on)),
      }),
    ],
    [
      "it reads its place",
      /reads `step`/,
      (model) => ({
        step: ({ tensors, step }) => forward(model, tensors).mul(1 + step / 10),
      }),
    ],
    [
      "it draws from its own stream",
      /reads `rng`/,
      (model) => ({
        step: ({ tensors, rng }) => forward(model, tensors).mul(rng.uniform(1, 2)),
      }),
    ],
    [
      "it brings numbers from the host, behind a layer with dropout",
      /brings numbers from the host/,
      (model) => ({
        step: ({ tensors: { x, y }, device: on }) =>
          model()
            .forward(x)
            .mul(tensor(on, Float32Array.of(1, 2), [1, 2]))
            .sub(y)
            .square()
            .mean(),
      }),
    ],
    ["its inputs are no plain data", /neither a tensor nor plain data/, () => ({ upload: (b, on) => new Held(b, on) })],
    [
      "there is no upload",
      /has no `upload`/,
      (model) => ({
        upload: undefined,
        step: ({ batch, device: on }) => forward(model, upload(batch, on)),
      }),
    ],
    [
      "there are several optimizers",
      /several optimizers/,
      (model) => ({
        optimizer: { one: sgd({ lr: 0.1 }) },
        step({ tensors, optimizers: { one }, factor }) {
          const loss = forward(model, tensors);
          loss.backward();
          one.step(factor);
          one.zeroGrad();
          return loss;
        },
      }),
    ],
  ];
  class Held implements ToyTensors {
    readonly x: Tensor;
    readonly y: Tensor;
    constructor(batch: ToyBatch, on: Device) {
      const { x, y } = upload(batch, on);
      this.x = x;
      this.y = y;
    }
  }

  test.each(cases)("%s", async (_, reason, options) => {
    const attempt = (record: boolean) => {
      let model: Toy | undefined;
      const own = options(() => model!);
      return run({ ...own, record }, { epochs: 2 }, { layers: (m) => (model = m) });
    };
    const plain = await attempt(false);
    const tried = await attempt(true);
    expect(tried.checkpoint).toEqual(plain.checkpoint);
    expect(tried.losses).toEqual(plain.losses);
    expect(tried.calls).toBe(12);
    expect(tried.reasons).toEqual([expect.stringMatching(reason)]);
  });
});

describe("a record takes from `upload` only numbers", () => {
  type Extra = (model: () => Toy) => Partial<Options>;
  const twice = async (extra: Extra, fit: FitOptions = { epochs: 2 }) => {
    const both: Run[] = [];
    for (const record of [false, true]) {
      let model: Toy | undefined;
      both.push(await run({ ...extra(() => model!), record }, fit, { layers: (m) => (model = m) }));
    }
    expect(both[1].losses).toEqual(both[0].losses);
    expect(both[1].checkpoint).toEqual(both[0].checkpoint);
    return both[1];
  };

  test("tensors that somebody else holds stay theirs, views of them too", async () => {
    const numbers = Float32Array.from({ length: 24 }, (_, i) => Math.cos(i));
    const held = [1, 2, 3].map((k) =>
      tensor(
        device,
        numbers.map((v) => v * k),
        [24],
      ),
    );
    let at = 0;
    const recorded = await twice(() => ({
      upload: (b, on) => ({ x: held[at++ % 3].reshape([6, 4]), y: upload(b, on).y }),
    }));
    expect(recorded.calls).toBe(2);
    for (const [k, t] of held.entries()) expect(await t.data()).toEqual(numbers.map((v) => v * (k + 1)));
    for (const t of held) t.dispose();
  });

  test("two names of one tensor in one step may be two tensors in the next", async () => {
    let at = 0;
    await twice((model) => ({
      upload(b, on) {
        const { x, y } = upload(b, on);
        return { x, y, z: at++ % 12 < 5 ? y : y.mul(3) };
      },
      step({ tensors }) {
        const { x, y, z } = tensors as ToyTensors & { z: Tensor };
        return model().forward(x).sub(y).square().mean().add(z.mul(2).sub(y).square().mean());
      },
    }));
  });

  test("what `upload` works out of the model's weights is worked out each time", async () => {
    await twice((model) => ({
      upload(b, on) {
        const { x, y } = upload(b, on);
        const [first] = model().parameters();
        return { x, y: y.add(first.value.sum()) };
      },
    }));
  });

  test("plain values that JSON cannot tell apart are told apart", async () => {
    let at = 0;
    await twice((model) => ({
      upload: (b, on) => ({
        ...upload(b, on),
        sign: at++ % 12 < 6 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY,
      }),
      step({ tensors }) {
        const { x, y, sign } = tensors as ToyTensors & { sign: number };
        const loss = model().forward(x).sub(y).square().mean();
        return sign > 0 ? loss : loss.mul(2);
      },
    }));
  });

  test("an optimizer of some parameters alone is recorded", async () => {
    const recorded = await twice(() => ({ optimizer: sgd({ lr: 0.05, parameters: "net.3" }), ema: undefined }));
    expect(recorded.calls).toBe(2);
    expect(recorded.reasons).toEqual([]);
  });

  test("values that are new in each step are told, once", async () => {
    let at = 0;
    const recorded = await twice(() => ({ upload: (b, on) => ({ ...upload(b, on), index: at++ }) }));
    expect(recorded.reasons).toEqual([expect.stringMatching("differ from step to step")]);
  });
});
