import { beforeAll, describe, expect, test } from "vitest";
import { type AdapterChoice, type Device, openDevice } from "../../src/device/index.ts";
import { CheckpointError, ConfigError, DataError, DeviceLostError, NumericError } from "../../src/errors.ts";
import { readCsv } from "../../src/io/index.ts";
import { Linear, Module, type StateDict } from "../../src/nn/index.ts";
import { Rng, tensor } from "../../src/tensor/index.ts";
import {
  adam,
  checkpointFiles,
  decodeCheckpoint,
  type EpochReport,
  type FitOptions,
  MemoryStore,
  meanOver,
  plateau,
  readWeights,
  sgd,
  Trainer,
  type TrainerEvent,
  type TrainerOptions,
} from "../../src/training/index.ts";
import { testDevice } from "../harness/device.ts";
import { Toy, type ToyBatch, toyOptions, toySource, toyStep } from "./toy.ts";

const freshDevice = (): Promise<Device> =>
  openDevice({ adapter: process.env.FIDUCIAL_ADAPTER as AdapterChoice | undefined });

let device: Device;
beforeAll(async () => {
  device = await testDevice();
});

interface Run {
  readonly reports: EpochReport[];
  readonly losses: number[];
  readonly weights: StateDict;
  readonly events: TrainerEvent[];
  readonly trainer: Trainer<ToyBatch>;
}

const collect = async (on: Device, fit: FitOptions, extra: Partial<TrainerOptions<ToyBatch>> = {}): Promise<Run> => {
  const base = toyOptions(on);
  const events: TrainerEvent[] = [];
  const trainer = new Trainer({ ...base, onEvent: (e) => events.push(e), ...extra });
  const reports: EpochReport[] = [];
  const validate = fit.validate ?? meanOver(toySource(new Rng(99)), new Rng(98), toyStep(base.model));
  for await (const r of trainer.fit(toySource(base.rng), { ...fit, validate })) reports.push(r);
  const run = {
    reports,
    losses: [...trainer.history.series.get("loss")!],
    weights: await base.model.stateDict(),
    events,
    trainer,
  };
  base.model.dispose();
  return run;
};
const withoutTimes = (reports: EpochReport[]): unknown[] => reports.map(({ seconds: _, ...r }) => r);

describe("Trainer", () => {
  test("learns; the same seed gives the same bits whatever the read-backs and prefetching; another seed does not", async () => {
    const before = device.memory().liveBuffers;
    const a = await collect(device, { epochs: 8 });
    const b = await collect(device, { epochs: 8 }, { readEvery: 1, prefetch: 0 });
    expect(a.losses.length).toBe(48);
    expect(b.losses).toEqual(a.losses);
    expect(b.weights).toEqual(a.weights);
    expect(withoutTimes(b.reports)).toEqual(withoutTimes(a.reports));
    expect(a.reports[7].train.loss).toBeLessThan(a.reports[0].train.loss / 3);
    expect(a.reports[7].validation.loss).toBeLessThan(a.reports[0].validation.loss / 3);
    expect(a.trainer.outcome).toBe("done");
    const c = await collect(device, { epochs: 8 }, { rng: new Rng(4) });
    expect(c.losses).not.toEqual(a.losses);
    expect(device.memory().liveBuffers).toBe(before);
  });

  test.each([
    5, 12, 13,
  ])("stopped after step %i and resumed: bit for bit the uninterrupted run, without repeated rows", async (stopAfter) => {
    const whole = new MemoryStore();
    const want = await collect(device, { epochs: 4 }, { store: whole });
    const store = new MemoryStore();
    const controller = new AbortController();
    const first = await collect(
      device,
      { epochs: 4, signal: controller.signal },
      {
        store,
        onEvent: (e) => {
          if (e.type === "steps" && e.to >= stopAfter) controller.abort();
        },
        readEvery: 1,
      },
    );
    expect(first.trainer.outcome).toBe("aborted");
    expect(first.trainer.step).toBe(stopAfter);
    const seen: string[] = [];
    const base = toyOptions(device);
    const second = new Trainer({ ...base, store });
    const reports: EpochReport[] = [];
    const validate = meanOver(toySource(new Rng(99)), new Rng(98), toyStep(base.model));
    for await (const r of second.fit(toySource(base.rng, seen), { epochs: 4, resume: true, validate })) reports.push(r);
    expect(seen[0].startsWith(`${stopAfter}:`)).toBe(true);
    expect(second.history.series.get("loss")).toEqual(want.losses);
    expect(await base.model.stateDict()).toEqual(want.weights);
    expect([...withoutTimes(first.reports), ...withoutTimes(reports)]).toEqual(withoutTimes(want.reports));
    for (const name of ["metrics.csv", checkpointFiles.last, checkpointFiles.best])
      expect(store.files.get(name), name).toEqual(whole.files.get(name));
    expect(readCsv(store.files.get("metrics.csv")!).rows.map((r) => r[0])).toEqual(["1", "2", "3", "4"]);
    expect(await store.list()).toEqual(await whole.list());
    base.model.dispose();
  });

  test("a finished run resumed does nothing; with more epochs it goes on", async () => {
    const store = new MemoryStore();
    await collect(device, { epochs: 2 }, { store });
    expect((await collect(device, { epochs: 2, resume: true }, { store })).reports).toEqual([]);
    const more = await collect(device, { epochs: 3, resume: true }, { store });
    expect(more.reports.map((r) => r.epoch)).toEqual([3]);
    expect(
      more.events.some((e) => e.type === "warning" && /planned with 12 steps and goes on to 18/.test(e.message)),
    ).toBe(true);
  });

  test("a time budget sets the number of steps once; the run is what it would be with those steps given, and so is its resume", async () => {
    const store = new MemoryStore();
    const controller = new AbortController();
    const validate = async (): Promise<Record<string, number>> => ({ loss: 1 });
    const a = await collect(
      device,
      { minutes: 0.02, signal: controller.signal, validate },
      {
        store,
        onEvent: (e) => {
          if (e.type === "steps" && e.to >= 7) controller.abort();
        },
        readEvery: 1,
      },
    );
    expect(a.trainer.step).toBe(7);
    const total = a.trainer.totalSteps!;
    expect(total).toBeGreaterThan(7);
    const b = await collect(device, { minutes: 0.02, resume: true, validate }, { store });
    expect(b.trainer.totalSteps).toBe(total);
    const c = await collect(device, { steps: total, validate });
    expect(b.losses).toEqual(c.losses);
    expect(b.weights).toEqual(c.weights);
  });

  test("the best weights are the averaged ones of the best epoch; early stopping counts its patience through a resume", async () => {
    const metrics = [3, 2, 2.5, 2.4, 2.3, 9];
    const store = new MemoryStore();
    let kept: Float32Array | undefined;
    const options = (model: () => Toy): FitOptions => ({
      epochs: 6,
      patience: 3,
      monitor: "error",
      async validate({ epoch, model: lent }) {
        expect(lent.training).toBe(false);
        if (epoch === 1) kept = await model().net.namedParameters().get("0.weight")!.value.data();
        return { error: metrics[epoch] };
      },
    });
    const base = toyOptions(device);
    const trainer = new Trainer({ ...base, store });
    const reports: EpochReport[] = [];
    for await (const r of trainer.fit(toySource(base.rng), { ...options(() => base.model), epochs: 3 }))
      reports.push(r);
    const again = toyOptions(device);
    const second = new Trainer({ ...again, store });
    for await (const r of second.fit(toySource(again.rng), { ...options(() => again.model), resume: true }))
      reports.push(r);
    expect(reports.map((r) => r.improved)).toEqual([true, true, false, false, false]);
    expect(second.outcome).toBe("early");
    expect(second.best).toEqual({ metric: 2, epoch: 2 });
    const best = readWeights(store.files.get(checkpointFiles.best)!, "best.safetensors");
    expect(best.tensors.get("net.0.weight")!.data).toEqual(kept);
    const other = new Toy().load(device, best);
    other.dispose();
    base.model.dispose();
    again.model.dispose();
  });

  test.each(["a store", "no store"])("restoreBest loads the best epoch's weights, with %s", async (where) => {
    const base = toyOptions(device);
    const store = new MemoryStore();
    const best: StateDict[] = [];
    const trainer = new Trainer({ ...base, store: where === "a store" ? store : undefined });
    await expect(trainer.restoreBest()).rejects.toThrow(CheckpointError);
    const watched = [3, 1, 2];
    const fit = trainer.fit(toySource(base.rng), {
      epochs: 3,
      async validate({ epoch, model }) {
        if (epoch === 1) best.push(await model.stateDict());
        return { loss: watched[epoch] };
      },
    });
    await fit.next();
    await expect(trainer.restoreBest()).rejects.toThrow(/still running/);
    await fit;
    expect(trainer.best).toEqual({ metric: 1, epoch: 2 });
    expect(await base.model.stateDict()).not.toEqual(best[0]);
    await trainer.restoreBest();
    expect(await base.model.stateDict()).toEqual(best[0]);
    base.model.dispose();
  });

  test("a plateau lowers the rate from what validation says, also after a resume", async () => {
    const metrics = [1, 1, 1, 1, 1];
    const store = new MemoryStore();
    const validate: FitOptions["validate"] = async ({ epoch }) => ({ loss: metrics[epoch] });
    const schedule = plateau({ gamma: 0.5, patience: 1 });
    const a = await collect(device, { epochs: 5, validate }, { schedule });
    expect(a.reports.map((r) => r.lr)).toEqual([0.02, 0.02, 0.02, 0.01, 0.01]);
    await collect(device, { epochs: 2, validate }, { schedule, store });
    const b = await collect(device, { epochs: 5, validate, resume: true }, { schedule, store });
    expect(b.weights).toEqual(a.weights);
  });
});

describe("two optimizers in one step", () => {
  class Pair extends Module {
    readonly a = new Linear(3, 1);
    readonly b = new Linear(3, 1);
  }
  test("the step function runs them itself, and everything it returns is averaged", async () => {
    const model = new Pair().init(device, new Rng(5));
    const before = await model.stateDict();
    const trainer = new Trainer<Float32Array>({
      device,
      model,
      rng: new Rng(6),
      optimizer: { first: sgd({ lr: 0.1, parameters: "a" }), second: adam({ lr: 0.01, parameters: "b" }) },
      step({ batch, device: on, optimizers: { first, second }, step, factor }) {
        const x = tensor(on, batch, [2, 3]);
        const [la, lb] = [model.a, model.b].map((l) => l.forward(x).square().mean());
        la.backward();
        lb.backward();
        first.step(factor);
        if (step % 2 === 1) second.step(factor);
        first.zeroGrad();
        second.zeroGrad();
        return { loss: la, other: lb };
      },
    });
    const source = { length: 4, batch: (_: unknown, rng: Rng) => Float32Array.from({ length: 6 }, () => rng.normal()) };
    const reports: EpochReport[] = [];
    for await (const r of trainer.fit(source, { epochs: 2 })) reports.push(r);
    const other = trainer.history.series.get("other")!;
    expect(reports[1].train.other).toBeCloseTo(other.slice(4).reduce((s, v) => s + v, 0) / 4, 12);
    const after = await model.stateDict();
    for (const name of before.keys()) expect(after.get(name)!.data).not.toEqual(before.get(name)!.data);
    model.dispose();
  });
});

describe("guards", () => {
  const poisoned = (at: number): TrainerOptions<ToyBatch> & { readonly model: Toy } => {
    const base = toyOptions(device);
    const step = toyStep(base.model);
    return {
      ...base,
      step: (c) =>
        step(
          c.step === at ? { ...c, batch: { ...c.batch, y: c.batch.y.map((v, i) => (i === 3 ? Number.NaN : v)) } } : c,
        ),
    };
  };
  const drain = async (trainer: Trainer<ToyBatch>, rng: Rng, fit: FitOptions): Promise<void> => {
    for await (const _ of trainer.fit(toySource(rng), fit)) {
      // only run it
    }
  };

  test("NaN in a label stops the run, names step and parameter, and leaves the checkpoint before it", async () => {
    const store = new MemoryStore();
    const before = device.memory().liveBuffers;
    const base = poisoned(9);
    const trainer = new Trainer({ ...base, store });
    const failure = drain(trainer, base.rng, { epochs: 3 });
    await expect(failure).rejects.toThrow(NumericError);
    await expect(failure).rejects.toThrow(
      /the loss of step 9 is NaN; the gradient of net\.0\.weight was not finite first in the optimizer's step 10/,
    );
    expect(decodeCheckpoint(store.files.get(checkpointFiles.last)!, "last").metadata.step).toBe("6");
    for (const { data } of (await base.model.stateDict()).values())
      expect(Array.from(data as Float32Array).every(Number.isFinite)).toBe(true);
    base.model.dispose();
    expect(device.memory().liveBuffers).toBe(before);
  });

  test("with guard: skip the step changes nothing, is told, and stays out of the means", async () => {
    const base = poisoned(9);
    const events: TrainerEvent[] = [];
    const trainer = new Trainer({ ...base, guard: "skip", onEvent: (e) => events.push(e) });
    await drain(trainer, base.rng, { epochs: 3 });
    expect(trainer.outcome).toBe("done");
    expect(events.filter((e) => e.type === "warning").length).toBe(1);
    expect(trainer.history.epochs.every((e) => Number.isFinite(e.train.loss))).toBe(true);
    base.model.dispose();
  });

  test("a learning rate of 1e30 ends in NumericError, with no checkpoint of broken weights", async () => {
    const store = new MemoryStore();
    const base = toyOptions(device);
    const trainer = new Trainer({ ...base, optimizer: sgd({ lr: 1e30 }), schedule: undefined, ema: undefined, store });
    await expect(drain(trainer, base.rng, { epochs: 2 })).rejects.toThrow(NumericError);
    expect(await store.list()).toEqual([]);
    base.model.dispose();
  });

  test("a run in the store is not written over, and a resume needs a store", async () => {
    const store = new MemoryStore();
    await collect(device, { epochs: 1 }, { store });
    const before = new Map(store.files);
    await expect(collect(device, { epochs: 1 }, { store })).rejects.toThrow(
      /memory holds a run already \(last.safetensors\); pass resume: true .*another store/,
    );
    expect(store.files).toEqual(before);
    await expect(collect(device, { epochs: 1, resume: true })).rejects.toThrow(
      /the trainer has no store to go on from/,
    );
  });

  test("misspelt options of trainer and fit are refused by name", () => {
    const base = toyOptions(device);
    expect(() => new Trainer({ ...base, ema_decay: 0.9 } as never)).toThrow(/^Trainer: it has no option "ema_decay"/);
    const fit = new Trainer(base).fit(toySource(base.rng), { epochs: 1, patiense: 3 } as never);
    return expect(fit).rejects.toThrow(/^fit: it has no option "patiense"; did you mean patience\?/);
  });

  test("a group of parameters that the model has not is refused, a pattern too", async () => {
    for (const select of ["nett", /conv/]) {
      const base = { ...toyOptions(device), optimizer: sgd({ lr: 0.1, groups: [{ select, lr: 0 }] }) };
      await expect(new Trainer(base).fit(toySource(base.rng), { epochs: 1 })).rejects.toThrow(
        /the group that selects .* has no parameter/,
      );
      base.model.dispose();
    }
  });

  test("options that make no run are refused", async () => {
    const base = toyOptions(device);
    const attempt = (o: FitOptions): Promise<void> => drain(new Trainer(base), base.rng, o);
    await expect(attempt({})).rejects.toThrow(ConfigError);
    await expect(attempt({ epochs: 1, minutes: 1 })).rejects.toThrow(
      /one of epochs, steps and minutes; given: epochs, minutes/,
    );
    await expect(attempt({ epochs: 1.5 })).rejects.toThrow(/epochs is 1\.5/);
    await expect(attempt({ epochs: 1, monitor: "mre" })).rejects.toThrow(
      /no number called mre to watch; there are loss/,
    );
    base.model.dispose();
  });
});

describe("checkpoints", () => {
  const damaged: [string, (b: Uint8Array) => Uint8Array][] = [
    ["truncated", (b) => b.subarray(0, b.length - 100)],
    ["with one bit flipped in its weights", (b) => b.map((v, i) => (i === b.length - 41 ? v ^ 4 : v))],
    ["with a changed step", (b) => replaceText(b, '"step":"18"', '"step":"17"')],
    ["empty", () => new Uint8Array()],
  ];
  const replaceText = (b: Uint8Array, from: string, to: string): Uint8Array => {
    const out = b.slice();
    const at = Buffer.from(b).indexOf(from);
    expect(at).toBeGreaterThan(0);
    out.set(new TextEncoder().encode(to), at);
    return out;
  };

  test.each(
    damaged,
  )("%s: the one before is used, with a warning that names the file; the run comes out the same", async (_, damage) => {
    const store = new MemoryStore();
    const want = await collect(device, { epochs: 3 }, { store });
    store.files.set(checkpointFiles.last, damage(store.files.get(checkpointFiles.last)!));
    const again = await collect(device, { epochs: 3, resume: true }, { store });
    expect(again.events.filter((e) => e.type === "warning").map((e) => e.message)).toEqual([
      expect.stringMatching(/^memory\/last\.safetensors: /),
    ]);
    expect(again.events.find((e) => e.type === "resumed")).toMatchObject({
      file: "memory/previous.safetensors",
      step: 12,
    });
    expect(again.losses).toEqual(want.losses);
    expect(again.weights).toEqual(want.weights);
  });

  test("none whole: one error that names both; another config, seed or data: refused", async () => {
    const store = new MemoryStore();
    await collect(device, { epochs: 2 }, { store });
    const resume = { epochs: 2, resume: true };
    await expect(collect(device, resume, { store, config: { seed: 4 } })).rejects.toThrow(
      /made with another configuration/,
    );
    await expect(collect(device, resume, { store, rng: new Rng(77) })).rejects.toThrow(/made with another seed/);
    const base = toyOptions(device);
    const source = toySource(base.rng);
    const fit = new Trainer({ ...base, store }).fit({ ...source, length: 5 }, resume);
    await expect(fit.next()).rejects.toThrow(/its epochs have 6 steps, the data now give 5/);
    for (const name of [checkpointFiles.last, checkpointFiles.previous]) store.files.set(name, new Uint8Array(50));
    const failure = collect(device, resume, { store });
    await expect(failure).rejects.toThrow(CheckpointError);
    await expect(failure).rejects.toThrow(/memory\/last\.safetensors: .*memory\/previous\.safetensors: /s);
  });

  test("a store that cannot write stops the run or is told, and keeps what it had", async () => {
    class Full extends MemoryStore {
      room = 3;
      override async write(name: string, content: Uint8Array | string): Promise<void> {
        if (--this.room < 0) throw new DataError(`cannot write ${name}: ENOSPC: the disk is full`);
        await super.write(name, content);
      }
    }
    await expect(collect(device, { epochs: 3 }, { store: new Full() })).rejects.toThrow(/ENOSPC/);
    const store = new Full();
    const run = await collect(device, { epochs: 3 }, { store, onSaveError: "continue" });
    expect(run.reports.length).toBe(3);
    expect(run.events.filter((e) => e.type === "warning").map((e) => e.message)).toContain(
      "no checkpoint at step 12: cannot write best.safetensors: ENOSPC: the disk is full",
    );
    decodeCheckpoint(
      store.files.get(checkpointFiles.last) ?? store.files.get(checkpointFiles.previous)!,
      "what is left",
    );
  });
});

describe("a lost device", () => {
  const lossy = async (
    destroyAt: (step: number, phase: "forward" | "backward" | "read" | "validate") => boolean,
    tries = true,
  ): Promise<Run> => {
    const own = await freshDevice();
    const opened = [own];
    const base = toyOptions(own);
    const step = toyStep(base.model);
    const validateLoss = meanOver(toySource(new Rng(99)), new Rng(98), toyStep(base.model));
    const events: TrainerEvent[] = [];
    let trainer: Trainer<ToyBatch>;
    const options: TrainerOptions<ToyBatch> = {
      ...base,
      readEvery: 4,
      onEvent: (e) => {
        events.push(e);
        if (e.type === "steps" && destroyAt(e.to, "read")) trainer.device.destroy();
      },
      step(c) {
        if (destroyAt(c.step, "forward")) c.device.destroy();
        const loss = step(c);
        if (destroyAt(c.step, "backward")) c.device.destroy();
        return loss;
      },
      openDevice: async () => {
        if (!tries) throw new DataError("no adapter today");
        const next = await freshDevice();
        opened.push(next);
        return next;
      },
    };
    trainer = new Trainer(options);
    const reports: EpochReport[] = [];
    const validate: FitOptions["validate"] = async (c) => {
      if (destroyAt(c.step, "validate")) c.device.destroy();
      return validateLoss(c);
    };
    try {
      for await (const r of trainer.fit(toySource(base.rng), { epochs: 3, validate })) reports.push(r);
      return {
        reports,
        losses: [...trainer.history.series.get("loss")!],
        weights: await base.model.stateDict(),
        events,
        trainer,
      };
    } finally {
      for (const d of opened) d.destroy();
    }
  };
  const once = (step: number, phase: string) => {
    let left = 1;
    return (s: number, p: string): boolean => s === step && p === phase && left-- > 0;
  };

  test.each([
    [1, "forward"],
    [8, "forward"],
    [8, "backward"],
    [17, "backward"],
    [10, "read"],
    [12, "validate"],
  ] as const)("at step %i in %s: a new one goes on to the same bits", async (step, phase) => {
    const want = await collect(device, { epochs: 3 });
    const got = await lossy(once(step, phase));
    expect(got.events.filter((e) => e.type === "recovered").length).toBe(1);
    expect(got.losses).toEqual(want.losses);
    expect(got.weights).toEqual(want.weights);
    expect(withoutTimes(got.reports)).toEqual(withoutTimes(want.reports));
  });

  test("that goes again and again is given up after three attempts, with the reason", async () => {
    const failure = lossy((s, p) => s === 8 && p === "forward");
    await expect(failure).rejects.toThrow(DeviceLostError);
  });

  test("that cannot be opened again is given up, telling why", async () => {
    await expect(lossy(once(8, "forward"), false)).rejects.toThrow(
      /3 attempts to go on failed, the last with: no adapter today/,
    );
  });
});
