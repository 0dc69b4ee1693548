import { ConfigError } from "../errors.ts";
import type { RunMeta } from "./run-meta.ts";
import type { FitOptions } from "./trainer-options.ts";

/** Whether an epoch is the best so far. */
export interface Verdict {
  /** The watched number. */
  readonly metric: number;
  readonly improved: boolean;
  readonly best: RunMeta["best"];
  /** Epochs since the best one. */
  readonly waited: number;
  /** Whether patience is used up. */
  readonly early: boolean;
}

/** Judges epoch `epoch` (from 1) by the watched number; NaN and infinity are never best. Throws ConfigError where there is no such number. */
export function judge(
  { monitor = "loss", mode = "min", patience }: FitOptions,
  numbers: Readonly<Record<string, number>>,
  epoch: number,
  before: { readonly best: RunMeta["best"]; readonly waited: number },
): Verdict {
  const metric = numbers[monitor];
  if (metric === undefined) {
    const names = Object.keys(numbers).join(", ") || "none";
    throw new ConfigError("fit.monitor", `fit: there is no number called ${monitor} to watch; there are ${names}`);
  }
  const { best } = before;
  const better = best === null || (mode === "min" ? metric < best.metric : metric > best.metric);
  const improved = Number.isFinite(metric) && better;
  const waited = improved ? 0 : before.waited + 1;
  return {
    metric,
    improved,
    best: improved ? { metric, epoch } : best,
    waited,
    early: patience !== undefined && waited >= patience,
  };
}
