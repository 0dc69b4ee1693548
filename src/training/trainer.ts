import type { Device } from "../device/index.ts";
import { ConfigError, NumericError } from "../errors.ts";
import { encodeCheckpoint } from "./checkpoint.ts";
import { type FitRun, fitRun } from "./fit-run.ts";
import type { EpochRecord, History } from "./history.ts";
import { Pace } from "./pace.ts";
import { fixedLength, measurePlan } from "./plan.ts";
import { Recovery } from "./recovery.ts";
import { resumeRun } from "./resume.ts";
import { saveRun } from "./run-files.ts";
import { RunState } from "./run-state.ts";
import { type BatchSource, Prefetcher } from "./source.ts";
import { StepRunner } from "./step-runner.ts";
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

interface Fit<B> {
  readonly options: FitOptions;
  readonly batches: Prefetcher<B>;
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
  #device: Device;
  #fit: Fit<B> | undefined;
  #runner: StepRunner<B, T> | undefined;
  /** Whether the plan stands, rather than serving to measure one. */
  #planned = false;
  #told = false;
  readonly #pace = new Pace();

  /** Throws ConfigError for options that make no trainer. */
  constructor(options: TrainerOptions<B, T>) {
    checkTrainer(options);
    this.#options = options;
    this.#device = options.device;
    this.#state = new RunState(options);
    this.#recovery = new Recovery(options.openDevice);
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
   * Runs the epochs, giving a report after each: iterate it, or await it for all of them. Throws NumericError for NaN or infinity
   * (guard "stop"), DeviceLostError when the device is lost and cannot be replaced, CheckpointError for a checkpoint of
   * another run, and what the step function, the source, the validation or the store throw. Everything the trainer made on
   * the device is freed at the end; the model keeps its last weights.
   */
  fit(source: BatchSource<B>, options: FitOptions): FitRun {
    return fitRun(this.#epochs(source, options));
  }

  async *#epochs(source: BatchSource<B>, options: FitOptions): AsyncGenerator<EpochReport, void, undefined> {
    checkFit(options);
    if (this.#fit) throw new ConfigError("fit", "fit: this trainer has fitted before; make a new one");
    const { rng, prefetch: ahead, accumulate } = this.#options;
    this.#fit = { options, batches: new Prefetcher(source, rng.fork("data"), { ahead, accumulate }) };
    const state = this.#state;
    let since = now();
    try {
      while (state.outcome === null) {
        let record: EpochRecord | undefined;
        try {
          if (!this.#planned) await this.#begin();
          if (state.outcome === null) record = await this.#epoch();
        } catch (error) {
          this.#runner?.dispose();
          this.#runner = undefined;
          const recovered = await this.#recovery.from(error, state);
          this.#device = recovered.device;
          this.#emit({ type: "recovered", step: state.step, ...recovered });
          continue;
        }
        if (record) yield { ...record, totalSteps: state.plan!.totalSteps, seconds: now() - since };
        since = now();
      }
    } finally {
      this.#runner?.dispose();
      state.close();
    }
  }

  async #begin(): Promise<void> {
    const { options, batches } = this.#fit!;
    const { stepsPerEpoch } = batches;
    const { store } = this.#options;
    const state = this.#state;
    state.open(this.#device);
    if (options.resume && store) {
      this.#planned = await resumeRun(state, store, this.#options, options, stepsPerEpoch, (e) => this.#emit(e));
      if (this.#planned) return this.#keep();
    }
    const { minutes = null } = options;
    const fixed = fixedLength(options, stepsPerEpoch);
    state.plan = { totalSteps: fixed ?? 1e9, stepsPerEpoch, minutes, secondsPerStep: null };
    if (fixed === undefined) await this.#measure(minutes! * 60);
    this.#planned = true;
    const { totalSteps, secondsPerStep } = state.plan;
    this.#emit({ type: "plan", totalSteps, secondsPerStep: secondsPerStep ?? undefined });
    await this.#keep();
  }

  /** Measures steps on the real thing, then undoes them: the run is what it would be with the steps given outright. */
  async #measure(budget: number): Promise<void> {
    const state = this.#state;
    const start = now();
    await this.#keep();
    const { steps, secondsPerStep } = await measurePlan(budget, start, this.#fit!.batches.stepsPerEpoch, {
      step: async (step) => {
        await this.#runStep(step);
        this.#steps.pending.drop();
      },
      wait: () => this.#device.sync(),
      epochEnd: async () => {
        await this.#validate();
        encodeCheckpoint(await state.live.snapshot(), {});
      },
    });
    this.#runner?.dispose(); // its records count steps that are undone
    this.#runner = undefined;
    state.live.restore(this.#recovery.saved!.state, 0);
    state.plan = { ...state.plan!, totalSteps: steps, secondsPerStep };
  }

  /** Steps to the end of the epoch, validation, checkpoints. Undefined where the signal ended it before. */
  async #epoch(): Promise<EpochRecord | undefined> {
    const { options } = this.#fit!;
    const state = this.#state;
    const { to } = state.epochSteps;
    const { readEvery = 20, model } = this.#options;
    model.train();
    this.#pace.restart();
    while (state.step < to) {
      if (options.signal?.aborted) return this.#abort();
      await this.#runStep(state.step);
      state.step++;
      if (this.#steps.pending.length >= this.#pace.due(readEvery)) await this.#drain();
      if (options.saveEvery && state.step % options.saveEvery === 0 && state.step < to) {
        await this.#drain();
        await this.#save(false);
        this.#pace.restart();
      }
    }
    await this.#drain();
    if (options.signal?.aborted) return this.#abort();
    const record = state.endEpoch(options, await this.#validate());
    await this.#save(record.improved);
    return record;
  }

  async #abort(): Promise<undefined> {
    await this.#drain();
    this.#state.outcome = "aborted";
    await this.#save(false);
    return undefined;
  }

  get #steps(): StepRunner<B, T> {
    this.#runner ??= new StepRunner(this.#options, this.#state.live, (reason) => {
      if (!this.#told) this.#emit({ type: "plain-steps", reason });
      this.#told = true;
    });
    return this.#runner;
  }

  /** Puts one step's work on the device; waits for its batches alone. */
  async #runStep(step: number): Promise<void> {
    const { batches, ...place } = await this.#fit!.batches.at(step, this.totalSteps!);
    this.#steps.run({ step, ...place, factor: this.#state.factor(step) }, batches);
  }

  /** Reads the numbers of the steps since the last time, and acts on NaN and infinity. */
  async #drain(): Promise<void> {
    const { pending } = this.#steps;
    const count = pending.length;
    const read = await pending.read(this.#state.live.optimizers, this.history);
    if (!read) return;
    const secondsPerStep = this.#pace.ran(count);
    const { trouble, badSteps: _, ...numbers } = read;
    this.#emit({ type: "steps", ...numbers, totalSteps: this.totalSteps!, secondsPerStep });
    if (trouble === "") return;
    if ((this.#options.guard ?? "stop") === "stop")
      throw new NumericError(`${trouble}. Lower the learning rate, clip the gradients, or look at that batch`);
    this.#emit({ type: "warning", message: trouble });
  }

  #validate(): Promise<Readonly<Record<string, number>>> {
    return runValidation(this.#fit!.options.validate, this.#options.model, this.#state);
  }

  /** Copies the run to the host: a lost device is replaced from here. */
  async #keep(): Promise<void> {
    this.#recovery.keep(await this.#state.snapshot());
  }

  /** Keeps the run, and writes it to the store. */
  async #save(best: boolean): Promise<void> {
    await this.#keep();
    const { store, onSaveError = "stop" } = this.#options;
    if (!store) return;
    const { step, history } = this.#state;
    try {
      await saveRun(store, this.#recovery.saved!, history.csv(), best ? this.best : null);
      this.#emit({ type: "saved", best, step });
    } catch (error) {
      if (onSaveError === "stop") throw error;
      const message = `no checkpoint at step ${step}: ${error instanceof Error ? error.message : error}`;
      this.#emit({ type: "warning", message });
    }
  }
}
