import { beforeAll, describe, expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import type { Device } from "../../src/device/index.ts";
import { CheckpointError, ConfigError, DataError } from "../../src/errors.ts";
import { noGrad, Rng, type Tensor, tensor, tidy } from "../../src/tensor/index.ts";
import {
  adamw,
  type EpochReport,
  ema,
  MemoryStore,
  oneCycle,
  parseConfig,
  type Task,
  Trainer,
  type TrainRunOptions,
  trainRun,
} from "../../src/training/index.ts";
import { testDevice } from "../harness/device.ts";
import { Toy, type ToyBatch, toyOptions, toySource } from "./toy.ts";

let device: Device;
beforeAll(async () => {
  device = await testDevice();
});

const config = z.strictObject({ lr: z.number().positive().default(0.02), decay: z.number().default(0.9) });
type Config = z.infer<typeof config>;
interface Sample {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** The toy regression, as a task. */
const toyTask: Task<Config, Toy, ToyBatch, { readonly x: Tensor; readonly y: Tensor }, Sample, Float32Array> = {
  name: "toy",
  config,
  build: () => new Toy(),
  recipe: ({ lr, decay }) => ({ optimizer: adamw({ lr, clip: 1 }), schedule: oneCycle(), ema: ema({ decay }) }),
  upload: ({ x, y, n }, on) => ({ x: tensor(on, x, [n, 4]), y: tensor(on, y, [n, 2]) }),
  loss: (model, { x, y }) => model.forward(x).sub(y).square().mean(),
  async predict(model, samples, on) {
    const x = Float32Array.from(samples.flatMap((s) => s.x));
    const out = tidy(() => noGrad(() => model.forward(tensor(on, x, [samples.length, 4]))));
    const numbers = await out.data();
    out.dispose();
    return samples.map((_, i) => numbers.subarray(2 * i, 2 * i + 2));
  },
  metrics: (found, samples) => ({
    distance_px:
      found.reduce((s, f, i) => s + Math.hypot(f[0] - samples[i].y[0], f[1] - samples[i].y[1]), 0) / found.length,
  }),
};

const samples: Sample[] = [0, 1, 2].map((i) => ({ x: [i, 0.3, -0.2, 0.1 * i], y: [0.3 * i, -0.2 - 0.1 * i] }));
const options = (store: MemoryStore, extra: Partial<TrainRunOptions<Config, ToyBatch, Sample>> = {}) => ({
  device,
  config: config.parse({}),
  rng: new Rng(3),
  source: toySource(new Rng(3)),
  validation: samples,
  monitor: "distance_px",
  epochs: 3,
  store,
  about: { config: { seed: 3 }, environment: { node: "20" }, data: { files: {} } },
  ...extra,
});
const text = (store: MemoryStore, name: string): string => new TextDecoder().decode(store.files.get(name));

describe("trainRun", () => {
  test("lays out a run folder, trains in it, and gives the best weights", async () => {
    const store = new MemoryStore();
    store.files.set("calibration.json", new Uint8Array(3));
    store.files.set("previous.safetensors", new Uint8Array(3));
    const before = device.memory().liveBuffers;
    const run = await trainRun(toyTask, options(store, { ownFiles: ["calibration.json"] }));
    expect(run.outcome).toBe("done");
    expect(run.losses.length).toBe(18);
    expect(run.model.training).toBe(false);
    expect(Object.keys(run.epochs[0].validation)).toEqual(["distance_px"]);
    expect(await store.list()).toEqual([
      "best.safetensors",
      "config.json",
      "data.json",
      "environment.json",
      "last.safetensors",
      "log.txt",
      "metrics.csv",
      "previous.safetensors",
      "tuner.json",
    ]);
    expect(text(store, "config.json")).toBe('{\n  "seed": 3\n}\n');
    expect(JSON.parse(text(store, "tuner.json")).adapter.hash).toBe(device.info.hash);
    expect(text(store, "log.txt").split("\n")[0]).toMatch(/^epoch 1: step 6, loss \d\.\d+, distance_px \d\.\d+, best$/);
    run.model.dispose();
    expect(device.memory().liveBuffers).toBe(before);
  });

  test("interrupted and resumed it comes to the uninterrupted run's files; a run it cannot resume it leaves as it is", async () => {
    const whole = new MemoryStore();
    (await trainRun(toyTask, options(whole))).model.dispose();
    const store = new MemoryStore();
    const controller = new AbortController();
    const stopped = await trainRun(
      toyTask,
      options(store, { signal: controller.signal, onEpoch: (e) => e.epoch === 2 && controller.abort() }),
    );
    expect(stopped.outcome).toBe("aborted");
    stopped.model.dispose();
    const other = { about: { config: { seed: 4 } }, resume: true };
    await expect(trainRun(toyTask, options(store, other))).rejects.toThrow(CheckpointError);
    expect(text(store, "config.json")).toBe('{\n  "seed": 3\n}\n');
    (await trainRun(toyTask, options(store, { resume: true }))).model.dispose();
    // The checkpoint before the last tells that it was interrupted.
    for (const s of [store, whole]) s.files.delete("previous.safetensors");
    expect(store.files).toEqual(whole.files);
  });

  test("a resume with other data, or another configuration, is refused with what differs, and no file changes", async () => {
    const store = new MemoryStore();
    const about = {
      config: { seed: 3, training: { lr: 0.02 } },
      environment: { node: "20" },
      data: { split: { train: ["a"] }, files: { "a.nii": "11", "b.nii": "22" } },
    };
    (await trainRun(toyTask, options(store, { about }))).model.dispose();
    const before = new Map(store.files);
    const refused = async (change: Partial<typeof about>): Promise<string> => {
      const again = trainRun(toyTask, options(store, { about: { ...about, ...change }, resume: true, epochs: 4 }));
      const error = await again.catch((e: unknown) => e);
      expect(error).toBeInstanceOf("data" in change ? DataError : CheckpointError);
      expect(store.files).toEqual(before);
      return (error as Error).message;
    };
    expect(await refused({ data: { split: { train: ["a"] }, files: { "a.nii": "12", "c.nii": "33" } as never } })).toBe(
      'memory/data.json: the run was trained on other data: files a.nii is "11", here "12"; files b.nii is missing here; files c.nii is new here; resume with the run\'s own data, or start a new run',
    );
    expect(await refused({ config: { seed: 3, training: { lr: 0.5 } } })).toMatch(
      /another configuration \(training lr is 0.02, here 0.5\); resume with the run's own config.json/,
    );
    (await trainRun(toyTask, options(store, { about, resume: true, epochs: 4 }))).model.dispose();
    expect(store.files).not.toEqual(before);
  });

  test("a configuration is refused by field, value and what is due", () => {
    expect(() => parseConfig("toy", toyTask.config, { lr: -1 })).toThrow(ConfigError);
    expect(() => parseConfig("toy", toyTask.config, { lr: -1 })).toThrow(/^toy: lr is -1; .*>0/);
    expect(() => parseConfig("toy", toyTask.config, { lrr: 1 })).toThrow(/lrr/);
    expect(parseConfig("toy", toyTask.config, {})).toEqual({ lr: 0.02, decay: 0.9 });
  });
});

describe("a fit that is awaited instead of iterated", () => {
  test("runs to its end and gives the reports of all epochs, once", async () => {
    const base = toyOptions(device);
    const trainer = new Trainer(base);
    const fit = trainer.fit(toySource(base.rng), { epochs: 2 });
    expect(trainer.step).toBe(0); // nothing runs before it is asked for
    const reports = await fit;
    expectTypeOf(reports).toEqualTypeOf<readonly EpochReport[]>();
    expect(reports.map((r) => r.epoch)).toEqual([1, 2]);
    expect(trainer.outcome).toBe("done");
    expect(await fit).toBe(reports);
    base.model.dispose();
  });

  test("gives what is left where it was iterated before, and throws what the run throws", async () => {
    const base = toyOptions(device);
    const fit = new Trainer(base).fit(toySource(base.rng), { epochs: 3 });
    expect((await fit.next()).value?.epoch).toBe(1);
    expect((await fit).map((r) => r.epoch)).toEqual([2, 3]);
    await expect(new Trainer(base).fit(toySource(base.rng), {})).rejects.toThrow(ConfigError);
    base.model.dispose();
  });
});
