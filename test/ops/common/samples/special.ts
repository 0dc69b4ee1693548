/** Numbers that drivers may treat in their own way. */
import type { Draws } from "../sample.ts";

/** Without subnormals, which adapters may take for 0: the whole number above one would be 0 then. */
export const normal = (values: readonly number[]): readonly number[] =>
  values.filter((v) => v === 0 || Math.abs(v) > 1e-38);

/** Both zeros, subnormals, the smallest normal and the largest numbers, halves, and where float32 has whole numbers alone. */
export const finite = [
  0, -0, 1e-40, -1e-40, 1.1754943508222875e-38, -1.1754943508222875e-38, 0.49999997, -0.49999997, 0.5, -0.5, 1, -1, 1.5,
  -1.5, 2.5, -2.5, 8388607.5, -8388607.5, 16777217, -16777217, 2147483648, -4294967296, 3.4028234663852886e38,
  -3.4028234663852886e38,
] as const;
export const beyond = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY] as const;

export const lineOf = (values: readonly number[]) => (d: Draws) => d.fill([values.length], (_, i) => values[i]);
