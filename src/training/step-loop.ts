import { NumericError } from "../errors.ts";
import { Pace } from "./pace.ts";
import type { RunState } from "./run-state.ts";
import type { Prefetcher } from "./source.ts";
import { StepRunner } from "./step-runner.ts";
import type { TrainerEvent, TrainerOptions } from "./trainer-options.ts";

/**
 * The steps of a fit: each gets its batches and is put on the device, and now and then the numbers of many are read in one
 * wait. Tells of them, and of NaN and infinity among them.
 */
export class StepLoop<B, T> {
  readonly #options: TrainerOptions<B, T>;
  readonly #state: RunState;
  readonly #batches: Prefetcher<B>;
  readonly #emit: (event: TrainerEvent) => void;
  readonly #pace = new Pace();
  #runner: StepRunner<B, T> | undefined;
  #told = false;

  constructor(
    options: TrainerOptions<B, T>,
    state: RunState,
    batches: Prefetcher<B>,
    emit: (event: TrainerEvent) => void,
  ) {
    this.#options = options;
    this.#state = state;
    this.#batches = batches;
    this.#emit = emit;
  }

  get stepsPerEpoch(): number {
    return this.#batches.stepsPerEpoch;
  }

  get #steps(): StepRunner<B, T> {
    this.#runner ??= new StepRunner(this.#options, this.#state.live, (reason) => {
      if (!this.#told) this.#emit({ type: "plain-steps", reason });
      this.#told = true;
    });
    return this.#runner;
  }

  /** The times of steps count from here: what was done before were no steps. */
  restart(): void {
    this.#pace.restart();
  }

  /** Puts one step's work on the device; waits for its batches alone. */
  async run(step: number): Promise<void> {
    const { batches, ...place } = await this.#batches.at(step, this.#state.plan!.totalSteps);
    this.#steps.run({ step, ...place, factor: this.#state.factor(step) }, batches);
  }

  /** Reads the numbers of steps that wait, once so many wait as are due. */
  async readWhenDue(): Promise<void> {
    if (this.#steps.pending.length >= this.#pace.due(this.#options.readEvery ?? 20)) await this.read();
  }

  /** Reads the numbers of the steps since the last time. Throws NumericError for NaN and infinity, unless `guard` is "skip". */
  async read(): Promise<void> {
    const { pending } = this.#steps;
    const count = pending.length;
    const { live, history, plan } = this.#state;
    const read = await pending.read(live.optimizers, history);
    if (!read) return;
    const secondsPerStep = this.#pace.ran(count);
    const { trouble, badSteps: _, ...numbers } = read;
    this.#emit({ type: "steps", ...numbers, totalSteps: plan!.totalSteps, secondsPerStep });
    if (trouble === "") return;
    if ((this.#options.guard ?? "stop") === "stop")
      throw new NumericError(`${trouble}. Lower the learning rate, clip the gradients, or look at that batch`);
    this.#emit({ type: "warning", message: trouble });
  }

  /** Forgets numbers that wait to be read: their steps do not count. */
  drop(): void {
    this.#steps.pending.drop();
  }

  /** Lets go of what it holds on the device: the next step begins anew there, or on another one. */
  release(): void {
    this.#runner?.dispose();
    this.#runner = undefined;
  }
}
