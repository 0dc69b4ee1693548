import type { Device, Replay } from "../device/index.ts";
import { keep, tidy } from "./scope.ts";
import type { Tensor } from "./tensor.ts";

/** A step recorded by `recordStep`. */
export interface RecordedStep<T> {
  /** What the step gave when it was recorded: its tensors hold the numbers of the latest run. */
  readonly value: T;
  /** Kernels and copies of a run. */
  readonly length: number;
  /** Runs the step once more, on what its inputs hold now. Waits for nothing. */
  run(): void;
  /** Gives up its buffers and `value`. */
  dispose(): void;
  [Symbol.dispose](): void;
}

/**
 * Runs `step` once and records what it does on the GPU, so that `run()` does it again with the same bits and a small part of
 * the host's work: a training step of fixed shapes (forward, backward, optimizer) as a whole. Between runs write new numbers
 * into its inputs (`x.write(...)`); read `value` after a run.
 *
 * The step must do the same work each time: shapes and branches are those of the recording. Throws DeviceError when it
 * makes a tensor from host numbers, reads back, or disposes a tensor that it did not make; zero gradients before it.
 */
export function recordStep<T extends Tensor | readonly Tensor[]>(device: Device, step: () => T): RecordedStep<T> {
  let value: T | undefined;
  const tensors: Tensor[] = [];
  let replay: Replay;
  try {
    replay = device.record(() => {
      value = tidy(step);
      tensors.push(...([value].flat() as Tensor[]));
      for (const t of tensors) keep(t);
    });
  } catch (error) {
    for (const t of tensors) t.dispose();
    throw error;
  }
  const dispose = (): void => {
    for (const t of tensors) if (!t.disposed) t.dispose();
    replay.dispose();
  };
  return {
    value: value as T,
    length: replay.length,
    run: () => device.replay(replay),
    dispose,
    [Symbol.dispose]: dispose,
  };
}
