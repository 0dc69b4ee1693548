/** T1 for softmax and what is built on it. */
import { numbersOf, type Ref } from "../ref.ts";
import { softmaxParts } from "../reference/norm.ts";
import type { Situation } from "../tolerance.ts";

/** An adapter may flush a subnormal probability to 0 before a gradient multiplies it up again: then all of it is missing. */
export const mayBeFlushed = (p: number): boolean => p < 2 * 1.1754944e-38;

export const partsOf = ({ inputs, attrs }: Situation) => softmaxParts(inputs[0], numbersOf(attrs, "axes"));

/** Error of each log-softmax: z - max and the log of the sum as two terms; t of the sum is t in its logarithm. */
export function logErrors(z: Ref, axes: readonly number[], t: number): Float64Array {
  const { group, top, total } = softmaxParts(z, axes);
  return z.data.map((v, i) => t * (Math.SQRT2 * Math.max(Math.abs(v - top[group[i]]), Math.log(total[group[i]])) + 1));
}
