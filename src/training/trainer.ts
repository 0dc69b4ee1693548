import type { Device } from "../device/index.ts";
import { CheckpointError, ConfigError, DeviceLostError, NumericError, ShapeError } from "../errors.ts";
import type { SafetensorsTensor } from "../io/index.ts";
import type { StateDict } from "../nn/index.ts";
import { keep, show, Tensor, tidy } from "../tensor/index.ts";
import { checkpointFiles, configDigest, encodeCheckpoint, readLast, subState, writeLast } from "./checkpoint.ts";
import { type EpochRecord, History } from "./history.ts";
import { checkFinite, Live } from "./live.ts";
import type { OptimizerSpec } from "./optimizer-spec.ts";
import { measurePlan } from "./plan.ts";
import { decodeMeta, encodeMeta, type Plan, type RunMeta } from "./run-meta.ts";
import { makeSchedule, type Schedule } from "./schedule.ts";
import { type BatchSource, Prefetcher } from "./source.ts";
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
  #pending: { step: number; values: Map<string, Tensor> }[] = [];
  /** A slow first guess, so that the first step is read, and reported, at once. */
  #drained = { at: 0, secondsPerStep: readSeconds };
  #badSteps = 0;
  /** The last state that is known good, on the host: what a lost device is replaced from. */
  #saved: { state: StateDict; metadata: Record<string, string> } | undefined;
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
      this.#dropPending();
      this.#live?.dispose();
      this.#live = undefined;
    }
  }

  async #begin(): Promise<void> {
    const { options, source } = this.#fit!;
    this.#live ??= new Live(this.#device, this.#options.model, this.#specs, this.#options.ema);
    const { minutes = null } = options;
    if (options.resume && this.#options.store && (await this.#resume())) {
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
      this.#dropPending();
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
  async #resume(): Promise<boolean> {
    const { store, config, rng, allowAdapterChange } = this.#options;
    const found = await readLast(store!);
    if (!found) return false;
    const { content, file, warnings } = found;
    const meta = decodeMeta(content.metadata, file);
    const refuse = (what: string): never => {
      throw new CheckpointError(`${file}: ${what}`);
    };
    if (meta.config_sha256 !== configDigest(config))
      refuse("it was made with another configuration; resume with the run's own config.json, or start a new run");
    if (`${meta.rng.key}` !== `${rng.state().key}`) refuse("it was made with another seed; resume with the run's own");
    if (meta.plan.stepsPerEpoch !== this.#fit!.source.length)
      refuse(
        `its epochs have ${meta.plan.stepsPerEpoch} steps, the data now give ${this.#fit!.source.length}; resume with the same data and batch size`,
      );
    if (meta.adapter !== this.#device.info.hash && !allowAdapterChange)
      refuse(
        `it was made on another adapter or driver (${meta.adapter}, here ${this.#device.info.hash}), so results would not be bit-equal; set allowAdapterChange to go on all the same`,
      );
    for (const message of warnings) this.#emit({ type: "warning", message });
    this.#apply(content.tensors, content.metadata, file);
    const { epochs, steps } = this.#fit!.options;
    const asked = steps ?? (epochs === undefined ? this.#plan!.totalSteps : epochs * this.#plan!.stepsPerEpoch);
    if (asked !== this.#plan!.totalSteps) {
      this.#plan = { ...this.#plan!, totalSteps: asked };
      if (this.#outcome === "done") this.#outcome = null;
      this.#emit({
        type: "warning",
        message: `the run was planned with ${meta.plan.totalSteps} steps and goes on to ${asked}; its schedule changes from here`,
      });
    }
    if (this.#step >= asked && this.#outcome === null) this.#outcome = "done";
    this.#emit({ type: "resumed", file, step: this.#step });
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
    this.#badSteps = 0;
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
      const values: Readonly<Record<string, Tensor>> = result instanceof Tensor ? { loss: result } : result;
      for (const [name, t] of Object.entries(values))
        if (t.size !== 1)
          throw new ShapeError(
            `the step function's ${name} is ${show(t.shape)}; return one number, such as its mean()`,
          );
      if (this.#single) {
        values.loss.backward();
        main.step(factor);
        main.zeroGrad();
      }
      live.ema?.update();
      this.#pending.push({ step, values: new Map(Object.entries(values).map(([n, t]) => [n, keep(t.detach())])) });
    });
  }

  /** Reads the numbers of the steps since the last time, in one wait, and looks for NaN and infinity. */
  async #drain(): Promise<void> {
    const pending = this.#pending;
    if (pending.length === 0) return;
    const optimizers = Object.entries(this.#live!.optimizers);
    const wanted = [
      ...optimizers.map(([, o]) => o.control),
      ...pending.flatMap((p) => [...p.values].map(([n, t]) => ({ ...t.binding(n), bytes: 4 }))),
    ];
    const bytes = await this.#device.readAll(wanted);
    const reports = optimizers.map(([, o], i) => o.report(bytes[i]));
    let at = optimizers.length;
    for (const { step, values } of pending)
      for (const name of values.keys()) this.history.push(step, name, new Float32Array(bytes[at++])[0]);
    this.#dropPending();
    this.#drained = { at: now(), secondsPerStep: (now() - this.#drained.at) / pending.length };
    const [from, to] = [pending[0].step, pending[pending.length - 1].step + 1];
    const losses = this.history.series.get("loss") ?? [];
    this.#emit({
      type: "steps",
      from,
      to,
      totalSteps: this.#plan!.totalSteps,
      loss: losses[to - 1],
      secondsPerStep: this.#drained.secondsPerStep,
      gradientNorm: reports[0].norm,
    });
    const badLoss = pending.find((p) => !Number.isFinite(losses[p.step]))?.step;
    const bad = reports.map((r) => r.firstBad).find((f) => f !== undefined);
    const total = reports.reduce((n, r) => n + r.badSteps, 0);
    if (badLoss === undefined && total === this.#badSteps) return;
    const what = [
      badLoss === undefined ? "" : `the loss of step ${badLoss} is ${losses[badLoss]}`,
      bad ? `the gradient of ${bad.name} was not finite first in the optimizer's step ${bad.step}` : "",
    ];
    const message = `${what.filter(Boolean).join("; ")}; ${total} steps changed no weights`;
    if ((this.#options.guard ?? "stop") === "stop")
      throw new NumericError(`${message}. Lower the learning rate, clip the gradients, or look at that batch`);
    this.#badSteps = total;
    this.#emit({ type: "warning", message });
  }

  #dropPending(): void {
    for (const { values } of this.#pending) for (const t of values.values()) t.dispose();
    this.#pending = [];
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
    const { monitor = "loss", mode = "min", patience, validate } = this.#fit!.options;
    const train = this.history.means(from, end);
    const watched: Readonly<Record<string, number>> = validate ? validation : train;
    const metric = watched[monitor];
    if (metric === undefined)
      throw new ConfigError(
        "fit.monitor",
        `fit: there is no number called ${monitor} to watch; there are ${Object.keys(watched).join(", ") || "none"}`,
      );
    const better = this.#best === null || (mode === "min" ? metric < this.#best.metric : metric > this.#best.metric);
    const improved = Number.isFinite(metric) && better;
    const epoch = this.history.epochs.length + 1;
    const { totalSteps, stepsPerEpoch } = this.#plan!;
    const factor = this.#schedule.factor({ step: end - 1, totalSteps, epoch: Math.floor((end - 1) / stepsPerEpoch) });
    const record: EpochRecord = {
      epoch,
      step: end,
      lr: Object.values(this.#live!.optimizers)[0].lr * factor,
      train,
      validation,
      improved,
    };
    this.history.epochs.push(record);
    this.#schedule.observe?.(metric);
    if (improved) this.#best = { metric, epoch };
    this.#waited = improved ? 0 : this.#waited + 1;
    if (end >= totalSteps) this.#outcome = "done";
    else if (patience !== undefined && this.#waited >= patience) this.#outcome = "early";
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

  /** Writes the snapshot to the store: last, best where it is, and metrics.csv. */
  async #save(best: boolean): Promise<void> {
    const { store, onSaveError = "stop" } = this.#options;
    if (!store) return;
    const { state, metadata } = this.#saved!;
    try {
      if (best) {
        const weights = new Map([...subState(state, "model"), ...subState(state, "ema")]);
        const { epoch, metric } = this.#best!;
        await store.write(
          checkpointFiles.best,
          encodeCheckpoint(weights, {
            kind: "weights",
            epoch: `${epoch}`,
            metric: `${metric}`,
            config_sha256: metadata.config_sha256,
          }),
        );
        this.#emit({ type: "saved", file: checkpointFiles.best, step: this.#step });
      }
      await writeLast(store, encodeCheckpoint(state, metadata));
      await store.write("metrics.csv", this.history.csv());
      this.#emit({ type: "saved", file: checkpointFiles.last, step: this.#step });
    } catch (error) {
      if (onSaveError === "stop") throw error;
      this.#emit({
        type: "warning",
        message: `no checkpoint at step ${this.#step}: ${error instanceof Error ? error.message : error}`,
      });
    }
  }

  /** After a lost device: a new one, filled from the last snapshot. Throws `error` again where that is not what happened. */
  async #recover(error: unknown): Promise<void> {
    const { openDevice, model } = this.#options;
    if (!(error instanceof DeviceLostError) || !openDevice || !this.#saved) throw error;
    this.#dropPending();
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
