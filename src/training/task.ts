import type { z } from "zod";
import type { Device } from "../device/index.ts";
import type { Module } from "../nn/index.ts";
import type { EmaOptions } from "./ema.ts";
import type { OptimizerSpec } from "./optimizer-spec.ts";
import type { ScheduleSpec } from "./schedule.ts";
import type { StepResult } from "./trainer-options.ts";

/** How a task's network is trained. */
export interface Recipe {
  readonly optimizer: OptimizerSpec;
  readonly schedule?: ScheduleSpec;
  readonly ema?: EmaOptions;
  readonly accumulate?: number;
}

/**
 * What is learned, said once: training, evaluation, search and commands are written against it. `C` is its configuration, `B` a batch on
 * the host, `T` the same on the device, `S` a sample to judge by, `F` what is found in one.
 */
export interface Task<C, M extends Module, B, T, S, F> {
  readonly name: string;
  /** All that decides network and training, with defaults and error texts. */
  readonly config: z.ZodType<C>;
  /** The network, without weights. Throws ConfigError for a configuration that makes none. */
  build(config: C): M;
  recipe(config: C): Recipe;
  /** The one place where a batch's numbers enter the device. */
  upload(batch: B, device: Device, config: C): T;
  /** Scalars: the loss, and what else is to be averaged over an epoch. Decided by model and tensors alone. */
  loss(model: M, tensors: T, config: C): StepResult;
  /** What the network finds in each sample; the model is in evaluation. */
  predict(model: M, samples: readonly S[], device: Device, config: C): Promise<readonly F[]>;
  /** How good that is: numbers by name, with the unit at the end. */
  metrics(found: readonly F[], samples: readonly S[], config: C): Readonly<Record<string, number>>;
}
