import type { Device } from "../device/index.ts";
import { ConfigError } from "../errors.ts";
import { type FitRun, fitRun } from "./fit-run.ts";
import type { EpochRecord, History } from "./history.ts";
import { planRun } from "./plan.ts";
import { Recovery } from "./recovery.ts";
import { resumeRun } from "./resume.ts";
import { RunState } from "./run-state.ts";
import { Saver } from "./saver.ts";
import { type BatchSource, Prefetcher } from "./source.ts";
import { StepLoop } from "./step-loop.ts";
import {
  checkFit,
  checkTrainer,
  type EpochReport,
  type FitOptions,
  type Outcome,
  type TrainerEvent,
  type TrainerOptions,
} from "./trainer-options.ts";
import { runValidation } from "./validation.ts";

const now = (): number => performance.now() / 1000;

interface Fit<B, T> {
  readonly options: FitOptions;
  readonly steps: StepLoop<B, T>;
}

/**
 * Trains a model by a step function. The same seed gives the same bits on the same adapter: uninterrupted, resumed from a
 * checkpoint, or after a lost device, whose work since the last checkpoint is done again. Reports and events are data;
 * nothing is printed. A trainer fits once.
 */
export class Trainer<B, T = undefined> {
  readonly #options: TrainerOptions<B, T>;
  readonly #state: RunState;
  readonly #recovery: Recovery;
  readonly #saver: Saver;
  #device: Device;
  #fit: Fit<B, T> | undefined;
  #running = false;
  /** Whether the plan stands, rather than serving to measure one. */
  #planned = false;

  /** Throws ConfigError for options that make no trainer. */
  constructor(options: TrainerOptions<B, T>) {
    checkTrainer(options);
    this.#options = options;
    this.#device = options.device;
    this.#state = new RunState(options);
    this.#recovery = new Recovery(options.openDevice);
    this.#saver = new Saver(options, this.#state, this.#recovery, (event) => this.#emit(event));
  }

  /** Where the model lives now: the device given, or after its loss the one that replaced it. */
  get device(): Device {
    return this.#device;
  }
  get history(): History {
    return this.#state.history;
  }
  /** Steps done. */
  get step(): number {
    return this.#state.step;
  }
  get totalSteps(): number | undefined {
    return this.#state.plan?.totalSteps;
  }
  /** The best value of the watched metric, and its epoch from 1. */
  get best(): { readonly metric: number; readonly epoch: number } | null {
    return this.#state.best;
  }
  /** Why the run ended; null while it has not. */
  get outcome(): Outcome | null {
    return this.#state.outcome;
  }

  #emit(event: TrainerEvent): void {
    this.#options.onEvent?.(event);
  }

  /**
   * Runs the epochs, giving a report after each: iterate it, or await it for all of them. Throws ConfigError for options that make
   * no run, and where the store holds a run and `resume` is not set; NumericError for NaN or infinity (guard "stop"),
   * DeviceLostError when the device is lost and cannot be replaced, CheckpointError for a checkpoint of another run, and what
   * the step function, the source, the validation or the store throw. Everything the trainer made on the device is freed at
   * the end; the model keeps its last weights (`restoreBest` gives it the best ones).
   */
  fit(source: BatchSource<B>, options: FitOptions): FitRun {
    return fitRun(this.#epochs(source, options));
  }

  /**
   * Gives the model the weights of the best epoch: from the store, or without one from memory; averaged where the run averages
   * them. To be called after the fit. Throws ConfigError while it runs, CheckpointError where no epoch was the best.
   */
  async restoreBest(): Promise<void> {
    if (this.#running)
      throw new ConfigError(
        "restoreBest",
        "restoreBest: the fit is still running, from its last weights; call it after",
      );
    this.#options.model.load(this.#device, await this.#saver.bestWeights());
  }

  async *#epochs(source: BatchSource<B>, options: FitOptions): AsyncGenerator<EpochReport, void, undefined> {
    checkFit(options, this.#options);
    if (this.#fit) throw new ConfigError("fit", "fit: this trainer has fitted before; make a new one");
    const { rng, prefetch: ahead, accumulate } = this.#options;
    const state = this.#state;
    const batches = new Prefetcher(source, rng.fork("data"), { ahead, accumulate });
    const steps = new StepLoop(this.#options, state, batches, (event) => this.#emit(event));
    this.#fit = { options, steps };
    this.#running = true;
    let since = now();
    try {
      while (state.outcome === null) {
        let record: EpochRecord | undefined;
        try {
          if (!this.#planned) await this.#begin(this.#fit);
          if (state.outcome === null) record = await this.#epoch(this.#fit);
        } catch (error) {
          steps.release();
          const recovered = await this.#recovery.from(error, state);
          this.#device = recovered.device;
          this.#emit({ type: "recovered", step: state.step, ...recovered });
          continue;
        }
        if (record) yield { ...record, totalSteps: state.plan!.totalSteps, seconds: now() - since };
        since = now();
      }
    } finally {
      steps.release();
      state.close();
      this.#running = false;
    }
  }

  async #begin({ options, steps }: Fit<B, T>): Promise<void> {
    const { store } = this.#options;
    const state = this.#state;
    if (!options.resume) await this.#saver.checkUnused();
    state.open(this.#device);
    if (options.resume && store) {
      this.#planned = await resumeRun(state, store, this.#options, options, steps.stepsPerEpoch, (e) => this.#emit(e));
      if (this.#planned) return void (await this.#saver.keep());
    }
    await planRun(options, { state, steps, saver: this.#saver, validate: () => this.#validate() });
    this.#planned = true;
    const { totalSteps, secondsPerStep } = state.plan!;
    this.#emit({ type: "plan", totalSteps, secondsPerStep: secondsPerStep ?? undefined });
    await this.#saver.keep();
  }

  /** Steps to the end of the epoch, validation, checkpoints. Undefined where the signal ended it before. */
  async #epoch({ options: { signal, saveEvery = Number.POSITIVE_INFINITY, ...options }, steps }: Fit<B, T>) {
    const state = this.#state;
    const { to } = state.epochSteps;
    this.#options.model.train();
    steps.restart();
    while (state.step < to) {
      if (signal?.aborted) return this.#abort(steps);
      await steps.run(state.step);
      state.step++;
      await steps.readWhenDue();
      if (state.step % saveEvery === 0 && state.step < to) {
        await steps.read();
        await this.#saver.save(false);
        steps.restart();
      }
    }
    await steps.read();
    if (signal?.aborted) return this.#abort(steps);
    const record = state.endEpoch(options, await this.#validate());
    await this.#saver.save(record.improved);
    return record;
  }

  async #abort(steps: StepLoop<B, T>): Promise<undefined> {
    await steps.read();
    this.#state.outcome = "aborted";
    await this.#saver.save(false);
    return undefined;
  }

  #validate(): Promise<Readonly<Record<string, number>>> {
    return runValidation(this.#fit!.options.validate, this.#options.model, this.#state);
  }
}
