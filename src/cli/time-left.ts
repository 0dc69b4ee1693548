import type { TrainerEvent } from "../training/index.ts";

/** Minutes that a training still takes: the mean of all steps seen so far, which a slow start does not spoil for long. */
export const timeLeft = (): ((e: Extract<TrainerEvent, { type: "steps" }>) => number) => {
  let steps = 0;
  let seconds = 0;
  return ({ from, to, totalSteps, secondsPerStep }) => {
    steps += to - from;
    seconds += (to - from) * secondsPerStep;
    return ((totalSteps - to) * seconds) / steps / 60;
  };
};
