import type { Device, Facts, Trial } from "../../device/index.ts";
import { ConfigError } from "../../errors.ts";

/**
 * One way to run a kernel with variants; each stands in a file of its own, with its passes beside these three. A family's list
 * of them is all that knows them by name.
 */
export interface Variant<Dims, Pass extends string = string> {
  readonly name: string;
  /** Whether it gives the right answer for these sizes on such a device. */
  fits(dims: Dims, facts: Facts, pass: Pass): boolean;
  /**
   * What it is thought to cost, in times of the plain variant, which costs 1; asked only where it fits. The lowest runs, unless
   * the tuner knows better: more than 1 is for what only a measurement should bring up.
   */
  cost(dims: Dims, facts: Facts, pass: Pass): number;
}

/** The variants of a list that give the right answer, in its order. */
export const fitting = <D, P extends string, V extends Variant<D, P>>(
  variants: readonly V[],
  dims: D,
  facts: Facts,
  pass: P,
): V[] => variants.filter((v) => v.fits(dims, facts, pass));

/** The variant that runs where none is insisted on and the tuner has no entry: of those that fit, the one of least cost. */
export function cheapest<D, P extends string, V extends Variant<D, P>>(
  variants: readonly V[],
  dims: D,
  facts: Facts,
  pass: P,
): V {
  let best: V | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const v of variants) {
    if (!v.fits(dims, facts, pass)) continue;
    const cost = v.cost(dims, facts, pass);
    if (cost < least) [best, least] = [v, cost];
  }
  return best as V;
}

/** How a kernel with variants chooses one. */
export interface Decision<D, P extends string, V extends Variant<D, P>> {
  /** Name under which `device.variants` insists: "conv2d". */
  readonly family: string;
  readonly variants: readonly V[];
  /** What of it: "forward". */
  readonly pass: P;
  readonly dims: D;
  /** The variant the caller insists on. */
  readonly wanted?: string;
  /** Sizes that decide which one is fastest: equal ones share a choice. */
  shapeClass(dims: D): string;
  trial(): Trial;
}

/**
 * The variant to run: what the caller insists on (ConfigError where it cannot run), else what `device.variants` insists on where
 * it can, else the tuner's choice, else the cheapest.
 */
export function decide<D, P extends string, V extends Variant<D, P>>(device: Device, d: Decision<D, P, V>): V {
  const insisted = device.variants.get(d.family);
  const { tuner, facts } = device;
  const byDefault = (): V => cheapest<D, P, V>(d.variants, d.dims, facts, d.pass);
  if (d.wanted === undefined && insisted === undefined && tuner.idle) return byDefault();
  const able = fitting<D, P, V>(d.variants, d.dims, facts, d.pass);
  const named = (name: string | undefined): V | undefined => able.find((v) => v.name === name);
  if (d.wanted !== undefined) {
    const found = named(d.wanted);
    if (found) return found;
    throw new ConfigError(
      "variant",
      `${d.family}: the variant "${d.wanted}" of ${d.pass} cannot run here; choose one of ${able.map((v) => v.name).join(", ")}`,
    );
  }
  const name = `${d.family} ${d.pass} ${d.shapeClass(d.dims)}`;
  const own = byDefault();
  const variant = named(insisted) ?? named(tuner.get(name)?.variant) ?? own;
  tuner.observer?.({
    name,
    able: able.map((v) => v.name),
    byDefault: own.name,
    variant: variant.name,
    trial: () => d.trial(),
  });
  return variant;
}

/** A count to the next power of two: sizes of one class differ by less than half. */
export const magnitude = (count: number): string => `2^${Math.ceil(Math.log2(Math.max(1, count)))}`;
