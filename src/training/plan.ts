import { encodeCheckpoint } from "./checkpoint.ts";
import type { RunState } from "./run-state.ts";
import type { Saver } from "./saver.ts";
import type { StepLoop } from "./step-loop.ts";
import type { FitOptions } from "./trainer-options.ts";

/** How long a run is where that is given, in steps; undefined for a time budget. */
export const fixedLength = ({ steps, epochs }: FitOptions, stepsPerEpoch: number): number | undefined =>
  steps ?? (epochs === undefined ? undefined : epochs * stepsPerEpoch);

/** What a trainer lets its planner do. */
export interface Rehearsal {
  /** Records a step. */
  step(index: number): Promise<void>;
  /** Waits until all recorded steps have run. */
  wait(): Promise<void>;
  /** All that is done at an epoch's end. */
  epochEnd(): Promise<void>;
}

/** Steps that compile shaders and fill the memory pool, not counted. */
const warmup = 2;
const now = (): number => performance.now() / 1000;

/**
 * How many steps fit into `budget` seconds counted from `start` (as `performance.now() / 1000`), by running a few: at least 2, for
 * about a fiftieth of the budget. A twentieth is left free, since times vary.
 */
export async function measurePlan(
  budget: number,
  start: number,
  stepsPerEpoch: number,
  rehearse: Rehearsal,
): Promise<{ steps: number; secondsPerStep: number }> {
  let index = 0;
  for (; index < warmup; index++) await rehearse.step(index);
  await rehearse.wait();
  const began = now();
  const first = index;
  while (index - first < 2 || (now() - began < budget / 50 && index - first < 100)) {
    await rehearse.step(index++);
    await rehearse.wait();
  }
  const secondsPerStep = (now() - began) / (index - first);
  const before = now();
  await rehearse.epochEnd();
  const epochEnd = now() - before;
  const left = 0.95 * budget - (now() - start) - epochEnd;
  return { steps: Math.max(1, Math.floor(left / (secondsPerStep + epochEnd / stepsPerEpoch))), secondsPerStep };
}

/** Parts of a trainer that a plan is made with. */
interface Parts {
  readonly state: RunState;
  readonly steps: Pick<StepLoop<never, never>, "stepsPerEpoch" | "run" | "drop" | "release">;
  readonly saver: Saver;
  /** Judges the model, as at an epoch's end. */
  readonly validate: () => Promise<unknown>;
}

/**
 * Gives a new run its plan. For a time budget steps are measured on the real thing and then undone: the run is what it would be
 * with the number of steps given outright.
 */
export async function planRun(options: FitOptions, { state, steps, saver, validate }: Parts): Promise<void> {
  const { stepsPerEpoch } = steps;
  const { minutes = null } = options;
  const fixed = fixedLength(options, stepsPerEpoch);
  state.plan = { totalSteps: fixed ?? 1e9, stepsPerEpoch, minutes, secondsPerStep: null };
  if (fixed !== undefined) return;
  const start = now();
  const before = await saver.keep();
  const measured = await measurePlan(minutes! * 60, start, stepsPerEpoch, {
    step: async (step) => {
      await steps.run(step);
      steps.drop();
    },
    wait: () => state.live.device.sync(),
    epochEnd: async () => {
      await validate();
      encodeCheckpoint(await state.live.snapshot(), {});
    },
  });
  steps.release(); // its records count steps that are undone
  state.live.restore(before.state, 0);
  state.plan = { ...state.plan, totalSteps: measured.steps, secondsPerStep: measured.secondsPerStep };
}
