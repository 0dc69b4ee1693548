import type { Device } from "../device/index.ts";
import type { SafetensorsTensor } from "../io/index.ts";
import { configDigest, subState } from "./checkpoint.ts";
import { type EpochRecord, History } from "./history.ts";
import { judge } from "./judge.ts";
import { checkFinite, Live } from "./live.ts";
import type { SavedState } from "./run-files.ts";
import { decodeMeta, encodeMeta, type Plan, type RunMeta } from "./run-meta.ts";
import { makeSchedule, type Schedule } from "./schedule.ts";
import type { FitOptions, Outcome, TrainerOptions } from "./trainer-options.ts";

type About = Pick<TrainerOptions<never, never>, "model" | "optimizer" | "ema" | "schedule" | "rng" | "config">;

/** All that a run has come to: what a checkpoint holds, and what a lost device is filled anew from. */
export class RunState {
  readonly history = new History();
  readonly schedule: Schedule;
  /** Steps done. */
  step = 0;
  plan: Plan | undefined;
  best: RunMeta["best"] = null;
  /** Epochs since the best one. */
  waited = 0;
  outcome: Outcome | null = null;
  readonly #about: About;
  #live: Live | undefined;

  constructor(about: About) {
    this.#about = about;
    this.schedule = makeSchedule(about.schedule ?? { kind: "constant" });
  }

  /** Its part on the device; there from `open` to `close`. */
  get live(): Live {
    return this.#live!;
  }

  /** Makes the optimizers and averages of the model, which lives on `device`. */
  open(device: Device): void {
    const { model, optimizer, ema } = this.#about;
    this.#live ??= new Live(device, model, optimizer, ema);
  }

  /** Frees what `open` made. */
  close(): void {
    this.#live?.dispose();
    this.#live = undefined;
  }

  /** Makes model, optimizers and averages on a device in place of a lost one. */
  reopen(device: Device, { state, metadata }: SavedState): void {
    this.close();
    this.#about.model.load(device, subState(state, "model"));
    this.open(device);
    this.restore(state, metadata, "the state in memory");
  }

  /** A copy of everything on the host. Throws NumericError rather than keep a broken state. */
  async snapshot(): Promise<SavedState> {
    const { rng, config } = this.#about;
    const state = await this.live.snapshot();
    checkFinite(state, this.step);
    for (const [name, t] of this.history.state(this.step)) state.set(`history.${name}`, t);
    const meta: RunMeta = {
      step: this.step,
      plan: this.plan!,
      rng: rng.state(),
      schedule: this.schedule.state?.() ?? null,
      best: this.best,
      waited: this.waited,
      ema_steps: this.live.ema?.steps ?? 0,
      epochs: this.history.epochs,
      outcome: this.outcome,
      config_sha256: configDigest(config),
      adapter: this.live.device.info.hash,
    };
    return { state, metadata: encodeMeta(meta) };
  }

  /** Puts the run where a checkpoint left it. Throws CheckpointError where it is another run's. */
  restore(
    tensors: Iterable<readonly [string, SafetensorsTensor]>,
    metadata: Readonly<Record<string, string>>,
    file: string,
  ): void {
    const all = new Map(tensors);
    const meta = decodeMeta(metadata, file);
    const series = subState(all, "history");
    this.live.restore(new Map([...all].filter(([n]) => !n.startsWith("history."))), meta.ema_steps);
    this.history.load(new Map([...series].map(([n, t]) => [n, t.data as Float32Array])), meta.epochs);
    if (meta.schedule) this.schedule.restore?.(meta.schedule);
    this.plan = meta.plan;
    this.step = meta.step;
    this.best = meta.best;
    this.waited = meta.waited;
    this.outcome = meta.outcome === "aborted" ? null : meta.outcome;
  }

  /** Steps [from, to) of the epoch at hand. */
  get epochSteps(): { readonly from: number; readonly to: number } {
    const { totalSteps, stepsPerEpoch } = this.plan!;
    const from = this.history.epochs.length * stepsPerEpoch;
    return { from, to: Math.min(from + stepsPerEpoch, totalSteps) };
  }

  /** The schedule's factor at a step. */
  factor(step: number): number {
    const { totalSteps, stepsPerEpoch } = this.plan!;
    return this.schedule.factor({ step, totalSteps, epoch: Math.floor(step / stepsPerEpoch) });
  }

  /** Takes the epoch into the history: best, early stopping, and what the schedule learns from it. */
  endEpoch(options: FitOptions, validation: Readonly<Record<string, number>>): EpochRecord {
    const { from, to } = this.epochSteps;
    const train = this.history.means(from, to);
    const epoch = this.history.epochs.length + 1;
    const verdict = judge(options, options.validate ? validation : train, epoch, this);
    const lr = Object.values(this.live.optimizers)[0].lr * this.factor(to - 1);
    const record: EpochRecord = { epoch, step: to, lr, train, validation, improved: verdict.improved };
    this.history.epochs.push(record);
    this.schedule.observe?.(verdict.metric);
    this.best = verdict.best;
    this.waited = verdict.waited;
    if (to >= this.plan!.totalSteps) this.outcome = "done";
    else if (verdict.early) this.outcome = "early";
    return record;
  }
}
