import { fixedLength } from "./plan.ts";
import { findRun } from "./run-files.ts";
import type { RunState } from "./run-state.ts";
import type { RunStore } from "./store.ts";
import type { FitOptions, TrainerEvent, TrainerOptions } from "./trainer-options.ts";

type About = Pick<TrainerOptions<never, never>, "config" | "rng" | "allowAdapterChange">;

/**
 * Fills a run from its store's last checkpoint; false where there is none. `stepsPerEpoch` is what the data give now. Throws
 * CheckpointError where the checkpoint is another run's.
 */
export async function resumeRun(
  state: RunState,
  store: RunStore,
  { config, rng, allowAdapterChange = false }: About,
  options: FitOptions,
  stepsPerEpoch: number,
  emit: (event: TrainerEvent) => void,
): Promise<boolean> {
  const adapter = state.live.device.info.hash;
  const same = { config, rng: rng.state(), stepsPerEpoch, adapter, allowAdapterChange };
  const found = await findRun(store, same);
  if (!found) return false;
  for (const message of found.warnings) emit({ type: "warning", message });
  state.restore(found.tensors, found.metadata, found.file);
  const { totalSteps } = state.plan!;
  const asked = fixedLength(options, stepsPerEpoch) ?? totalSteps;
  if (asked !== totalSteps) {
    state.plan = { ...state.plan!, totalSteps: asked };
    if (state.outcome === "done") state.outcome = null;
    const message = `the run was planned with ${totalSteps} steps and goes on to ${asked}; its schedule changes from here`;
    emit({ type: "warning", message });
  }
  if (state.step >= asked && state.epochSteps.from >= asked && state.outcome === null) state.outcome = "done";
  emit({ type: "resumed", file: found.file, step: state.step });
  await store.write("metrics.csv", state.history.csv()); // a run killed after its checkpoint may lack a row
  return true;
}
