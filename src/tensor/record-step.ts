import type { Device, Replay } from "../device/index.ts";
import { keep, tidy } from "./scope.ts";
import type { Tensor } from "./tensor.ts";

/** A step recorded by `recordStep`. */
export interface RecordedStep<T> {
  /** What the step gave when it was recorded: its tensors hold the numbers of the latest run. */
  readonly value: T;
  /** Kernels and copies of a run. */
  readonly length: number;
  /** Whether it can still be run: false once a tensor it reads or writes was disposed. */
  readonly usable: boolean;
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
  const kept = new Kept<T>();
  try {
    return kept.with(
      device,
      device.record(() => kept.take(step)),
    );
  } catch (error) {
    kept.dispose();
    throw error;
  }
}

/**
 * Runs `step` as `recordStep` does, but a step that could not be repeated runs too, with a plain run's numbers: it gives its
 * value then, and the reason. @internal
 */
export function tryRecordStep<T extends Tensor | readonly Tensor[]>(
  device: Device,
  step: () => T,
): RecordedStep<T> | { readonly value: T; readonly reason: string } {
  const kept = new Kept<T>();
  try {
    const replay = device.tryRecord(() => kept.take(step));
    return "reason" in replay ? { value: kept.value, reason: replay.reason } : kept.with(device, replay);
  } catch (error) {
    kept.dispose();
    throw error;
  }
}

/** What a step gave, kept beyond it. */
class Kept<T extends Tensor | readonly Tensor[]> {
  value!: T;
  readonly #tensors: Tensor[] = [];

  take(step: () => T): void {
    this.value = tidy(step);
    this.#tensors.push(...([this.value].flat() as Tensor[]));
    for (const t of this.#tensors) keep(t);
  }

  dispose(): void {
    for (const t of this.#tensors) if (!t.disposed) t.dispose();
  }

  with(device: Device, replay: Replay): RecordedStep<T> {
    const dispose = (): void => {
      this.dispose();
      replay.dispose();
    };
    return {
      value: this.value,
      length: replay.length,
      get usable() {
        return replay.usable;
      },
      run: () => device.replay(replay),
      dispose,
      [Symbol.dispose]: dispose,
    };
  }
}
