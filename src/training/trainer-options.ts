import type { Device } from "../device/index.ts";
import { ConfigError } from "../errors.ts";
import type { Module } from "../nn/index.ts";
import { checkOptions, type KeysOf } from "../options.ts";
import type { Rng, Tensor } from "../tensor/index.ts";
import type { Plain } from "./checkpoint.ts";
import type { EmaOptions } from "./ema.ts";
import type { EpochRecord } from "./history.ts";
import type { Optimizer } from "./optimizer.ts";
import { isSpec, type OptimizerSpec } from "./optimizer-spec.ts";
import type { ScheduleSpec } from "./schedule.ts";
import type { RunStore } from "./store.ts";

export interface StepContext<B, T = undefined> {
  /** The batch on the host. A step that reads it cannot be recorded. */
  readonly batch: B;
  /** What `upload` made of it. */
  readonly tensors: T;
  /** A stream of this step alone. */
  readonly rng: Rng;
  /** From 0. */
  readonly step: number;
  readonly epoch: number;
  /** Make tensors here; it is another device after one was lost. */
  readonly device: Device;
  /** The optimizers by name, for steps that use them themselves. */
  readonly optimizers: Readonly<Record<string, Optimizer>>;
  /** The schedule's factor, for `optimizer.step(factor)`. */
  readonly factor: number;
}

/** Scalars: the loss, and whatever else is to be averaged over the epochs. */
export type StepResult = Tensor | ({ readonly loss: Tensor } & Readonly<Record<string, Tensor>>);

export interface ValidationContext {
  readonly device: Device;
  /** In evaluation, with the averaged weights where there are any. */
  readonly model: Module;
  readonly step: number;
  readonly epoch: number;
}

export type TrainerEvent =
  /** Numbers of steps [from, to) were read; `loss` is the last one. */
  | {
      readonly type: "steps";
      readonly from: number;
      readonly to: number;
      readonly totalSteps: number;
      readonly loss: number;
      readonly secondsPerStep: number;
      readonly gradientNorm: number;
    }
  /** How many steps the run will have. */
  | { readonly type: "plan"; readonly totalSteps: number; readonly secondsPerStep: number | undefined }
  | { readonly type: "resumed"; readonly file: string; readonly step: number }
  /** last.safetensors and metrics.csv were written, and best.safetensors where `best`. */
  | { readonly type: "saved"; readonly best: boolean; readonly step: number }
  /** The device was lost; the run goes on from an earlier step on a new one. */
  | {
      readonly type: "recovered";
      readonly reason: string;
      readonly attempt: number;
      readonly step: number;
      readonly device: Device;
    }
  /** Steps are not recorded, or not all of them; told once. */
  | { readonly type: "plain-steps"; readonly reason: string }
  | { readonly type: "warning"; readonly message: string };

export interface TrainerOptions<B, T = undefined> {
  readonly device: Device;
  /** Filled already by `init` or `load`. It stays the user's, on `trainer.device`. */
  readonly model: Module;
  /**
   * Brings a batch's numbers to the device, as tensors alone or in arrays and plain objects. With it a step of fixed shapes
   * is recorded, and later ones run from the record with the same bits and a part of the host's work. The step must then be the
   * same work each time, decided by `tensors`, the model and the layers' random streams alone; where it is seen to use
   * anything else (`batch`, `rng`, `step`, numbers from the host), it runs plainly, and an event says why.
   */
  readonly upload?: (batch: B, device: Device) => T;
  /** Whether steps are recorded where they can be. A record keeps the memory of a step while others run. Default true. */
  readonly record?: boolean;
  /**
   * One training step, synchronous. With one optimizer it only returns the loss; with several, given by name, it does its
   * own `zeroGrad`, `backward` and `optimizers.NAME.step(factor)`.
   */
  readonly step: (context: StepContext<B, T>) => StepResult;
  /**
   * Batches a step takes: their gradients are averaged, each batch's loss divided by how many the step has, as one batch of all
   * of them would where no layer (batch norm) looks across a batch. The last step of an epoch may have fewer. Batches should be
   * of one size. Default 1.
   */
  readonly accumulate?: number;
  readonly optimizer: OptimizerSpec | Readonly<Record<string, OptimizerSpec>>;
  readonly schedule?: ScheduleSpec;
  readonly ema?: EmaOptions;
  readonly rng: Rng;
  /** What to do when a loss or gradient is NaN or infinite; the weights are left alone in any case. Default "stop". */
  readonly guard?: "stop" | "skip";
  /** Steps between read-backs of the losses at most; fewer where steps are slow. Default 20. */
  readonly readEvery?: number;
  /** Batches asked for ahead. Default 2. */
  readonly prefetch?: number;
  readonly store?: RunStore;
  /** All that decides the result; a resume with another is refused. */
  readonly config?: Plain;
  /** Makes a new device when the device is lost; without it the loss ends the run. */
  readonly openDevice?: () => Promise<Device>;
  /** Lets a resume go on, on another adapter, though its bits will differ. */
  readonly allowAdapterChange?: boolean;
  /** What to do when a checkpoint cannot be written; the one before stays. Default "stop". */
  readonly onSaveError?: "stop" | "continue";
  readonly onEvent?: (event: TrainerEvent) => void;
}
const trainerKeys: KeysOf<TrainerOptions<never, never>> = {
  device: 1,
  model: 1,
  upload: 1,
  record: 1,
  step: 1,
  accumulate: 1,
  optimizer: 1,
  schedule: 1,
  ema: 1,
  rng: 1,
  guard: 1,
  readEvery: 1,
  prefetch: 1,
  store: 1,
  config: 1,
  openDevice: 1,
  allowAdapterChange: 1,
  onSaveError: 1,
  onEvent: 1,
};

export interface FitOptions {
  /** How long: exactly one of these three. `minutes` measures a few steps first and then sets the number of steps. */
  readonly epochs?: number;
  readonly steps?: number;
  readonly minutes?: number;
  /** After each epoch: numbers by name. */
  readonly validate?: (context: ValidationContext) => Promise<Readonly<Record<string, number>>>;
  /** The number that decides which weights are best. Default: the validation's `loss`, or without one the training's. */
  readonly monitor?: string;
  readonly mode?: "min" | "max";
  /** Stop after so many epochs without improvement. Default: never. */
  readonly patience?: number;
  /** Steps between checkpoints besides those at each epoch's end. */
  readonly saveEvery?: number;
  /** Go on from the store's last checkpoint, where there is one; without it a store that holds a run is refused. */
  readonly resume?: boolean;
  /** Ends the run after the step at hand, with a checkpoint. */
  readonly signal?: AbortSignal;
}
const fitKeys: KeysOf<FitOptions> = {
  epochs: 1,
  steps: 1,
  minutes: 1,
  validate: 1,
  monitor: 1,
  mode: 1,
  patience: 1,
  saveEvery: 1,
  resume: 1,
  signal: 1,
};

export interface EpochReport extends EpochRecord {
  readonly totalSteps: number;
  /** Since the end of the epoch before, or the start of this process. */
  readonly seconds: number;
}

/** Why a run ended: all steps done, no improvement for `patience` epochs, or its signal. */
export type Outcome = "done" | "early" | "aborted";

/** Throws ConfigError for options that make no trainer. */
export function checkTrainer<B, T>(options: TrainerOptions<B, T>): void {
  const { accumulate = 1, optimizer, readEvery = 20 } = checkOptions("Trainer", options, trainerKeys);
  const whole = { accumulate, readEvery };
  for (const [name, v] of Object.entries(whole))
    if (!(Number.isInteger(v) && v >= 1))
      throw new ConfigError(`trainer.${name}`, `trainer: ${name} is ${v}; give an integer of 1 or more`);
  if (accumulate > 1 && !isSpec(optimizer))
    throw new ConfigError(
      "trainer.accumulate",
      `trainer: accumulate is ${accumulate} with several optimizers, whose steps are the step function's own; accumulate there`,
    );
}

/** Throws ConfigError for options that do not make a run. */
export function checkFit(options: FitOptions, { store }: { readonly store?: RunStore }): void {
  const { epochs, steps, minutes, patience, saveEvery, resume } = checkOptions("fit", options, fitKeys);
  const lengths = { epochs, steps, minutes };
  const given = Object.entries(lengths).filter(([, v]) => v !== undefined);
  if (given.length !== 1)
    throw new ConfigError(
      "fit",
      `fit: give one of epochs, steps and minutes; given: ${given.map(([n]) => n).join(", ") || "none"}`,
    );
  const whole = { epochs, steps, patience, saveEvery };
  for (const [name, v] of Object.entries(whole))
    if (v !== undefined && !(Number.isInteger(v) && v >= 1))
      throw new ConfigError(`fit.${name}`, `fit: ${name} is ${v}; give an integer of 1 or more`);
  if (minutes !== undefined && !(minutes > 0 && Number.isFinite(minutes)))
    throw new ConfigError("fit.minutes", `fit: minutes is ${minutes}; give a number above 0`);
  if (resume && !store)
    throw new ConfigError(
      "fit.resume",
      "fit: resume is true, but the trainer has no store to go on from; give new Trainer({ store }) the run's",
    );
}
