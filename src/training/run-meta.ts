import { CheckpointError } from "../errors.ts";
import type { RandomState } from "../random.ts";
import { canonical, type Plain } from "./checkpoint.ts";
import type { EpochRecord } from "./history.ts";
import type { Outcome } from "./trainer-options.ts";

/** How long a run is. With a budget in minutes the number of steps was set once, from measured times. */
export interface Plan {
  readonly totalSteps: number;
  readonly stepsPerEpoch: number;
  readonly minutes: number | null;
  readonly secondsPerStep: number | null;
}

/** All of a run's state that is not a tensor. */
export interface RunMeta {
  /** Steps done; with the plan's steps an epoch this is the sampler's position. */
  readonly step: number;
  readonly plan: Plan;
  readonly rng: RandomState;
  /** What a schedule remembers. */
  readonly schedule: Readonly<Record<string, number>> | null;
  readonly best: { readonly metric: number; readonly epoch: number } | null;
  /** Epochs since the best one. */
  readonly waited: number;
  readonly ema_steps: number;
  readonly epochs: readonly EpochRecord[];
  readonly outcome: Outcome | null;
  readonly config_sha256: string;
  /** Hash of adapter, driver and self-test: bits are equal only where it is equal. */
  readonly adapter: string;
}

const keys = [
  "step",
  "plan",
  "rng",
  "schedule",
  "best",
  "waited",
  "ema_steps",
  "epochs",
  "outcome",
  "config_sha256",
  "adapter",
] as const;

/** As a checkpoint's metadata: JSON texts. */
export const encodeMeta = (meta: RunMeta): Record<string, string> =>
  Object.fromEntries([
    ["kind", "run"],
    ["epoch", `${meta.epochs.length}`],
    ...keys.map((k) => [k, canonical(meta[k] as unknown as Plain)]),
  ]);

/** Throws CheckpointError naming `file` and the field that is missing or no JSON. */
export function decodeMeta(metadata: Readonly<Record<string, string>>, file: string): RunMeta {
  const out: Record<string, unknown> = {};
  for (const k of keys) {
    try {
      out[k] = JSON.parse(metadata[k], (_, v: unknown) =>
        v === "NaN" || v === "Infinity" || v === "-Infinity" ? Number(v) : v,
      );
    } catch (cause) {
      throw new CheckpointError(
        `${file}: its metadata hold no usable ${k}; it is no checkpoint of a run that can be resumed`,
        { cause },
      );
    }
  }
  return out as unknown as RunMeta;
}
