import type { Device, Trial } from "../../device/index.ts";
import { ConfigError } from "../../errors.ts";

/** How a kernel with variants chooses one. */
export interface Decision<V extends string> {
  /** Name under which `device.variants` insists: "conv2d". */
  readonly family: string;
  /** What of it: "forward". */
  readonly pass: string;
  /** The variant the caller insists on. */
  readonly wanted?: V;
  /** The variants that give the right answer here. */
  able(): readonly V[];
  /** The one known to suit the adapter. */
  choose(): V;
  /** Sizes that decide which one is fastest: equal ones share a choice. */
  shapeClass(): string;
  trial(): Trial;
}

/**
 * The variant to run: what the caller insists on (ConfigError where it cannot run), else what `device.variants` insists on where
 * it can, else the tuner's choice, else the kernel's own.
 */
export function decide<V extends string>(device: Device, d: Decision<V>): V {
  const insisted = device.variants.get(d.family) as V | undefined;
  const { tuner } = device;
  if (d.wanted === undefined && insisted === undefined && tuner.idle) return d.choose();
  const able = d.able();
  if (d.wanted !== undefined) {
    if (able.includes(d.wanted)) return d.wanted;
    throw new ConfigError(
      "variant",
      `${d.family}: the variant "${d.wanted}" of ${d.pass} cannot run here; choose one of ${able.join(", ")}`,
    );
  }
  const name = `${d.family} ${d.pass} ${d.shapeClass()}`;
  const byDefault = d.choose();
  const tuned = tuner.get(name)?.variant as V | undefined;
  const variant = [insisted, tuned].find((v) => v !== undefined && able.includes(v)) ?? byDefault;
  tuner.observer?.({ name, able, byDefault, variant, trial: () => d.trial() });
  return variant;
}

/** A count to the next power of two: sizes of one class differ by less than half. */
export const magnitude = (count: number): string => `2^${Math.ceil(Math.log2(Math.max(1, count)))}`;
