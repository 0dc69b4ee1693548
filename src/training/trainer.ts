import type { Device } from "../device/index.ts";
import { ConfigError, DeviceLostError, NumericError } from "../errors.ts";
import type { SafetensorsTensor } from "../io/index.ts";
import { tidy } from "../tensor/index.ts";
import { configDigest, encodeCheckpoint, subState } from "./checkpoint.ts";
import { type EpochRecord, History } from "./history.ts";
import { judge } from "./judge.ts";
import { checkFinite, Live } from "./live.ts";
import type { OptimizerSpec } from "./optimizer-spec.ts";
import { PendingSteps } from "./pending.ts";
import { measurePlan } from "./plan.ts";
import { findRun, type Saved, saveRun } from "./run-files.ts";
import { decodeMeta, encodeMeta, type Plan, type RunMeta } from "./run-meta.ts";
import { makeSchedule, type Schedule } from "./schedule.ts";
import { type BatchSource, Prefetcher } from "./source.ts";
import type { RunStore } from "./store.ts";
import {
  checkFit,
  type EpochReport,
  type FitOptions,
  type Outcome,
  type TrainerEvent,
  type TrainerOptions,
} from "./trainer-options.ts";

/** Longest time between read-backs, seconds: a signal is seen about as soon. */
const readSeconds = 1;
const maxAttempts = 3;
const now = (): number => performance.now() / 1000;

interface Fit<B> {
  readonly source: BatchSource<B>;
  readonly options: FitOptions;
  readonly batches: Prefetcher<B>;
}

/**
 * Trains a model by a step function. The same seed gives the same bits on the same adapter: uninterrupted, resumed from a
 * checkpoint, or after a lost device, whose work since the last checkpoint is done again. Reports and events are data;
 * nothing is printed. A trainer fits once.
 */
export class Trainer<B> {
  readonly history = new History();
  readonly #options: TrainerOptions<B>;
  readonly #specs: Readonly<Record<string, OptimizerSpec>>;
  readonly #single: boolean;
  #schedule: Schedule;
  #live: Live | undefined;
  #device: Device;
  #fit: Fit<B> | undefined;
  #plan: Plan | undefined;
  /** Whether the plan stands, rather than serving to measure one. */
  #planned = false;
  #step = 0;
  #best: RunMeta["best"] = null;
  #waited = 0;
  #outcome: Outcome | null = null;
  readonly #pending = new PendingSteps();
  /** A slow first guess, so that the first step is read, and reported, at once. */
  #drained = { at: 0, secondsPerStep: readSeconds };
  /** The last state that is known good, on the host: what a lost device is replaced from. */
  #saved: Saved | undefined;
  #attempts = 0;

  constructor(options: TrainerOptions<B>) {
    this.#options = options;
    this.#device = options.device;
    this.#single = "rule" in options.optimizer && "options" in options.optimizer;
    this.#specs = (this.#single ? { main: options.optimizer } : options.optimizer) as Readonly<
      Record<string, OptimizerSpec>
    >;
    this.#schedule = makeSchedule(options.schedule ?? { kind: "constant" });
  }

  /** Where the model lives now: the device given, or after its loss the one that replaced it. */
  get device(): Device {
    return this.#device;
  }
  /** Steps done. */
  get step(): number {
    return this.#step;
  }
  get totalSteps(): number | undefined {
    return this.#plan?.totalSteps;
  }
  /** The best value of the watched metric, and its epoch from 1. */
  get best(): { readonly metric: number; readonly epoch: number } | null {
    return this.#best;
  }
  /** Why the run ended; null while it has not. */
  get outcome(): Outcome | null {
    return this.#outcome;
  }

  #emit(event: TrainerEvent): void {
    this.#options.onEvent?.(event);
  }

  /**
   * Runs the epochs, giving a report after each. Throws NumericError for NaN or infinity (guard "stop"), DeviceLostError
   * when the device is lost and cannot be replaced, CheckpointError for a checkpoint of another run, and what the step
   * function, the source, the validation or the store throw. Everything the trainer made on the device is freed at the end;
   * the model keeps its last weights.
   */
  async *fit(source: BatchSource<B>, options: FitOptions): AsyncGenerator<EpochReport, void, undefined> {
    checkFit(options);
    if (this.#fit) throw new ConfigError("fit", "fit: this trainer has fitted before; make a new one");
    this.#fit = {
      source,
      options,
      batches: new Prefetcher(source, this.#options.rng.fork("data"), this.#options.prefetch ?? 2),
    };
    let since = now();
    try {
      while (this.#outcome === null) {
        let record: EpochRecord | undefined;
        try {
          if (!this.#planned) await this.#begin();
          if (this.#outcome === null) record = await this.#epoch();
        } catch (error) {
          await this.#recover(error);
          continue;
        }
        if (record) yield { ...record, totalSteps: this.#plan!.totalSteps, seconds: now() - since };
        since = now();
      }
    } finally {
      this.#pending.drop();
      this.#live?.dispose();
      this.#live = undefined;
    }
  }

  async #begin(): Promise<void> {
    const { options, source } = this.#fit!;
    this.#live ??= new Live(this.#device, this.#options.model, this.#specs, this.#options.ema);
    const { minutes = null } = options;
    const { store } = this.#options;
    if (options.resume && store && (await this.#resume(store))) {
      this.#planned = true;
      return;
    }
    const fixed = options.steps ?? (options.epochs === undefined ? undefined : options.epochs * source.length);
    const plan = (totalSteps: number, secondsPerStep: number | null): Plan => ({
      totalSteps,
      stepsPerEpoch: source.length,
      minutes,
      secondsPerStep,
    });
    if (fixed !== undefined) this.#plan = plan(fixed, null);
    else {
      // Steps are measured on the real thing, then undone: the run is then what it would be with the steps given outright.
      const start = now();
      this.#plan = plan(1e9, null);
      await this.#snapshot();
      const measured = await measurePlan(minutes! * 60, start, source.length, {
        step: async (i) => this.#runStep(i, await this.#fit!.batches.at(i, 1e9)),
        wait: () => this.#device.sync(),
        epochEnd: async () => {
          await this.#validate();
          encodeCheckpoint(await this.#live!.snapshot(), {});
        },
      });
      this.#pending.drop();
      this.#live.restore(this.#saved!.state, 0);
      this.#plan = plan(measured.steps, measured.secondsPerStep);
    }
    this.#planned = true;
    this.#emit({
      type: "plan",
      totalSteps: this.#plan.totalSteps,
      secondsPerStep: this.#plan.secondsPerStep ?? undefined,
    });
    await this.#snapshot();
  }

  /** Fills everything from the store's last checkpoint; false where there is none. */
  async #resume(store: RunStore): Promise<boolean> {
    const { config, rng, allowAdapterChange = false } = this.#options;
    const found = await findRun(store, {
      configDigest: configDigest(config),
      rng: rng.state(),
      stepsPerEpoch: this.#fit!.source.length,
      adapter: this.#device.info.hash,
      allowAdapterChange,
    });
    if (!found) return false;
    for (const message of found.warnings) this.#emit({ type: "warning", message });
    this.#apply(found.tensors, found.metadata, found.file);
    const { epochs, steps } = this.#fit!.options;
    const { totalSteps, stepsPerEpoch } = this.#plan!;
    const asked = steps ?? (epochs === undefined ? totalSteps : epochs * stepsPerEpoch);
    if (asked !== totalSteps) {
      this.#plan = { ...this.#plan!, totalSteps: asked };
      if (this.#outcome === "done") this.#outcome = null;
      const message = `the run was planned with ${totalSteps} steps and goes on to ${asked}; its schedule changes from here`;
      this.#emit({ type: "warning", message });
    }
    if (this.#step >= asked && this.#outcome === null) this.#outcome = "done";
    this.#emit({ type: "resumed", file: found.file, step: this.#step });
    await store.write("metrics.csv", this.history.csv()); // a run killed after its checkpoint may lack a row
    await this.#snapshot();
    return true;
  }

  /** Puts the run where a checkpoint left it. */
  #apply(
    tensors: Iterable<readonly [string, SafetensorsTensor]>,
    metadata: Readonly<Record<string, string>>,
    file: string,
  ): void {
    const all = new Map(tensors);
    const meta = decodeMeta(metadata, file);
    const series = subState(all, "history");
    this.#live!.restore(new Map([...all].filter(([n]) => !n.startsWith("history."))), meta.ema_steps);
    this.history.load(new Map([...series].map(([n, t]) => [n, t.data as Float32Array])), meta.epochs);
    if (meta.schedule) this.#schedule.restore?.(meta.schedule);
    this.#plan = meta.plan;
    this.#step = meta.step;
    this.#best = meta.best;
    this.#waited = meta.waited;
    this.#outcome = meta.outcome === "aborted" ? null : meta.outcome;
    this.#pending.reset();
  }

  /** Steps to the end of the epoch, validation, checkpoints. Undefined where the signal ended it before. */
  async #epoch(): Promise<EpochRecord | undefined> {
    const { options, batches } = this.#fit!;
    const { totalSteps, stepsPerEpoch } = this.#plan!;
    const { readEvery = 20 } = this.#options;
    const from = this.history.epochs.length * stepsPerEpoch;
    const end = Math.min(from + stepsPerEpoch, totalSteps);
    this.#options.model.train();
    this.#drained.at = now();
    while (this.#step < end) {
      if (options.signal?.aborted) return this.#abort();
      const batch = await batches.at(this.#step, totalSteps);
      this.#runStep(this.#step, batch);
      this.#step++;
      const due = Math.min(
        readEvery,
        Math.max(1, Math.floor(readSeconds / Math.max(1e-6, this.#drained.secondsPerStep))),
      );
      if (this.#pending.length >= due) await this.#drain();
      if (options.saveEvery && this.#step % options.saveEvery === 0 && this.#step < end) {
        await this.#drain();
        await this.#snapshot();
        await this.#save(false);
        this.#drained.at = now();
      }
    }
    await this.#drain();
    if (options.signal?.aborted) return this.#abort();
    const validation = await this.#validate();
    const record = this.#judge(from, end, validation);
    await this.#snapshot();
    await this.#save(record.improved);
    return record;
  }

  async #abort(): Promise<undefined> {
    await this.#drain();
    this.#outcome = "aborted";
    await this.#snapshot();
    await this.#save(false);
    return undefined;
  }

  /** Records one step; waits for nothing. */
  #runStep(step: number, batch: B): void {
    const { model, rng, step: run } = this.#options;
    const live = this.#live!;
    const { totalSteps, stepsPerEpoch } = this.#plan!;
    const epoch = Math.floor(step / stepsPerEpoch);
    const factor = this.#schedule.factor({ step, totalSteps, epoch });
    tidy(() => {
      model.reseed(rng.fork("layers").fork(step));
      const { main } = live.optimizers;
      if (this.#single) main.zeroGrad();
      const result = run({
        batch,
        rng: rng.fork("step").fork(step),
        step,
        epoch,
        device: this.#device,
        optimizers: live.optimizers,
        factor,
      });
      const values = PendingSteps.named(result);
      if (this.#single) {
        values.loss.backward();
        main.step(factor);
        main.zeroGrad();
      }
      live.ema?.update();
      this.#pending.push(step, values);
    });
  }

  /** Reads the numbers of the steps since the last time, and acts on NaN and infinity. */
  async #drain(): Promise<void> {
    const count = this.#pending.length;
    const read = await this.#pending.read(this.#device, this.#live!.optimizers, this.history);
    if (!read) return;
    const secondsPerStep = (now() - this.#drained.at) / count;
    this.#drained = { at: now(), secondsPerStep };
    const { trouble, badSteps: _, ...numbers } = read;
    this.#emit({ type: "steps", ...numbers, totalSteps: this.#plan!.totalSteps, secondsPerStep });
    if (trouble === "") return;
    if ((this.#options.guard ?? "stop") === "stop")
      throw new NumericError(`${trouble}. Lower the learning rate, clip the gradients, or look at that batch`);
    this.#emit({ type: "warning", message: trouble });
  }

  async #validate(): Promise<Readonly<Record<string, number>>> {
    const { validate } = this.#fit!.options;
    if (!validate) return {};
    const { model } = this.#options;
    const run = async () => {
      model.eval();
      try {
        return await validate({ device: this.#device, model, step: this.#step, epoch: this.history.epochs.length });
      } finally {
        model.train();
      }
    };
    const { ema } = this.#live!;
    return ema ? ema.lend(run) : run();
  }

  /** Takes the epoch into the history; best, early stopping, and what the schedule learns from it. */
  #judge(from: number, end: number, validation: Readonly<Record<string, number>>): EpochRecord {
    const { options } = this.#fit!;
    const { totalSteps, stepsPerEpoch } = this.#plan!;
    const train = this.history.means(from, end);
    const epoch = this.history.epochs.length + 1;
    const verdict = judge(options, options.validate ? validation : train, epoch, {
      best: this.#best,
      waited: this.#waited,
    });
    const factor = this.#schedule.factor({ step: end - 1, totalSteps, epoch: Math.floor((end - 1) / stepsPerEpoch) });
    const lr = Object.values(this.#live!.optimizers)[0].lr * factor;
    const record: EpochRecord = { epoch, step: end, lr, train, validation, improved: verdict.improved };
    this.history.epochs.push(record);
    this.#schedule.observe?.(verdict.metric);
    this.#best = verdict.best;
    this.#waited = verdict.waited;
    if (end >= totalSteps) this.#outcome = "done";
    else if (verdict.early) this.#outcome = "early";
    return record;
  }

  /** Copies the run to the host; from here a lost device is replaced. Throws NumericError rather than keep a broken state. */
  async #snapshot(): Promise<void> {
    const state = await this.#live!.snapshot();
    checkFinite(state, this.#step);
    for (const [name, t] of this.history.state(this.#step)) state.set(`history.${name}`, t);
    const meta: RunMeta = {
      step: this.#step,
      plan: this.#plan!,
      rng: this.#options.rng.state(),
      schedule: this.#schedule.state?.() ?? null,
      best: this.#best,
      waited: this.#waited,
      ema_steps: this.#live!.ema?.steps ?? 0,
      epochs: this.history.epochs,
      outcome: this.#outcome,
      config_sha256: configDigest(this.#options.config),
      adapter: this.#device.info.hash,
    };
    this.#saved = { state, metadata: encodeMeta(meta) };
    this.#attempts = 0;
  }

  /** Writes the snapshot to the store. */
  async #save(best: boolean): Promise<void> {
    const { store, onSaveError = "stop" } = this.#options;
    if (!store) return;
    try {
      await saveRun(store, this.#saved!, this.history.csv(), best ? this.#best : null);
      this.#emit({ type: "saved", best, step: this.#step });
    } catch (error) {
      if (onSaveError === "stop") throw error;
      const message = `no checkpoint at step ${this.#step}: ${error instanceof Error ? error.message : error}`;
      this.#emit({ type: "warning", message });
    }
  }

  /** After a lost device: a new one, filled from the last snapshot. Throws `error` again where that is not what happened. */
  async #recover(error: unknown): Promise<void> {
    const { openDevice, model } = this.#options;
    if (!(error instanceof DeviceLostError) || !openDevice || !this.#saved) throw error;
    this.#pending.drop();
    this.#live?.dispose();
    this.#live = undefined;
    const { state, metadata } = this.#saved;
    let last: unknown = error;
    while (++this.#attempts <= maxAttempts) {
      await new Promise((done) => setTimeout(done, 100 * 4 ** (this.#attempts - 1)));
      try {
        this.#device = await openDevice();
        model.load(this.#device, subState(state, "model"));
        this.#live = new Live(this.#device, model, this.#specs, this.#options.ema);
        this.#apply(state, metadata, "the state in memory");
        if (!this.#planned) this.#plan = undefined;
        this.#emit({
          type: "recovered",
          reason: error.reason,
          attempt: this.#attempts,
          step: this.#step,
          device: this.#device,
        });
        return;
      } catch (again) {
        last = again;
        this.#live?.dispose();
        this.#live = undefined;
      }
    }
    throw new DeviceLostError(
      error.reason,
      `the device was lost (${error.reason}) at step ${this.#step}, and ${maxAttempts} attempts to go on failed, the last with: ${last instanceof Error ? last.message : last}`,
    );
  }
}
