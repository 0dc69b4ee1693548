import { CheckpointError, ConfigError } from "../errors.ts";
import type { StateSource } from "../nn/index.ts";
import { checkpointFiles, readWeights } from "./checkpoint.ts";
import type { Recovery } from "./recovery.ts";
import { type SavedState, saveRun, weightsOf } from "./run-files.ts";
import type { RunState } from "./run-state.ts";
import type { TrainerEvent, TrainerOptions } from "./trainer-options.ts";

type Ways = Pick<TrainerOptions<never, never>, "store" | "onSaveError">;

/** Keeps a run: on the host, from where a lost device is replaced, and in its store; and its best weights. */
export class Saver {
  readonly #ways: Ways;
  readonly #state: RunState;
  readonly #recovery: Recovery;
  readonly #emit: (event: TrainerEvent) => void;
  /** The best weights of a run without a store. */
  #best: StateSource | undefined;

  constructor(ways: Ways, state: RunState, recovery: Recovery, emit: (event: TrainerEvent) => void) {
    this.#ways = ways;
    this.#state = state;
    this.#recovery = recovery;
    this.#emit = emit;
  }

  /** Throws ConfigError where the store holds a run that a new one would write over. */
  async checkUnused(): Promise<void> {
    const { store } = this.#ways;
    const there = new Set(await store?.list());
    const file = Object.values(checkpointFiles).find((name) => there.has(name));
    if (file)
      throw new ConfigError(
        "fit.resume",
        `fit: ${store!.where} holds a run already (${file}); pass resume: true to go on with it, or give the trainer another store`,
      );
  }

  /** Copies the run to the host. */
  async keep(): Promise<SavedState> {
    const saved = await this.#state.snapshot();
    this.#recovery.keep(saved);
    return saved;
  }

  /** Keeps the run, and writes it to the store; `best`: its weights are the best so far. */
  async save(best: boolean): Promise<void> {
    const saved = await this.keep();
    const { store, onSaveError = "stop" } = this.#ways;
    const { step, history, best: metric } = this.#state;
    if (!store) {
      if (best) this.#best = weightsOf(saved.state);
      return;
    }
    try {
      await saveRun(store, saved, history.csv(), best ? metric : null);
      this.#emit({ type: "saved", best, step });
    } catch (error) {
      if (onSaveError === "stop") throw error;
      const message = `no checkpoint at step ${step}: ${error instanceof Error ? error.message : error}`;
      this.#emit({ type: "warning", message });
    }
  }

  /** The weights of the best epoch so far, averaged where the run averages them. Throws CheckpointError where there are none. */
  async bestWeights(): Promise<StateSource> {
    const { store } = this.#ways;
    const bytes = this.#state.best ? await store?.read(checkpointFiles.best) : undefined;
    const weights = bytes ? readWeights(bytes, `${store!.where}/${checkpointFiles.best}`) : this.#best;
    if (!weights)
      throw new CheckpointError(
        "restoreBest: no epoch of this run was kept as the best one; train for one epoch first",
      );
    return weights;
  }
}
