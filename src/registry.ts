import { ConfigError } from "./errors.ts";
import { heatmapBinaryCrossEntropy, heatmapCrossEntropy, heatmapMseLoss } from "./landmarks/index.ts";
import { scoutTask } from "./mri/index.ts";
import {
  adagrad,
  adam,
  adamw,
  constantRate,
  cosineRate,
  oneCycle,
  plateau,
  rmsprop,
  sgd,
  stepRate,
} from "./training/index.ts";

/**
 * What commands and experiments call by name. Only they import it: code that imports the objects themselves lets a bundler
 * drop the rest.
 */
export const registry = {
  tasks: { scouts: scoutTask },
  losses: {
    "heatmap-bce": heatmapBinaryCrossEntropy,
    "heatmap-cross-entropy": heatmapCrossEntropy,
    "heatmap-mse": heatmapMseLoss,
  },
  optimizers: { adagrad, adam, adamw, rmsprop, sgd },
  schedules: { constant: constantRate, cosine: cosineRate, "one-cycle": oneCycle, plateau, step: stepRate },
} as const;
type Registry = typeof registry;

/** What a name stands for. Throws ConfigError with the names there are. */
export function named<K extends keyof Registry>(kind: K, name: string): Registry[K][keyof Registry[K]] {
  const all: Registry[K] = registry[kind];
  if (Object.hasOwn(all, name)) return all[name as keyof Registry[K]];
  throw new ConfigError(kind, `${kind}: there is none called ${name}; there are ${Object.keys(all).sort().join(", ")}`);
}
