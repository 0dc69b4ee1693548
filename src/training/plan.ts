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
