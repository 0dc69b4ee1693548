/** Samples of group, instance and layer norm. */
import type { Ref } from "../ref.ts";
import type { Draws } from "../sample.ts";

type Shape = readonly number[];

/** x, and by turns a weight and a bias, a weight alone, none. */
export const inputs = (d: Draws, shape: Shape, affine: Shape, i: number, low = -2, high = 2): Ref[] =>
  [d.uniform(shape, low, high), d.uniform(affine, 0.5, 2), d.uniform(affine)].slice(0, [3, 2, 1, 3][i % 4]);

export const eps = (i: number): number => Math.fround(i % 3 === 0 ? 1e-3 : 1e-5);

export const pieces = (i: number): string => ["weight and bias", "weight", "plain", "weight and bias"][i % 4];
