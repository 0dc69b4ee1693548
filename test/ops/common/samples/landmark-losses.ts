/** Samples of losses that are no sums of terms. */
import { ConfigError } from "../../../../src/errors.ts";
import type { Attrs } from "../ref.ts";
import { type ErrorRow, refused } from "../sample.ts";

type Shape = readonly number[];

export const configured = (name: string, shapes: readonly Shape[], attrs: Attrs, ...parts: string[]): ErrorRow => ({
  ...refused(name, shapes, attrs, ...parts),
  errorClass: ConfigError,
});

export const classShapes: readonly Shape[] = [
  [1, 1],
  [1, 2],
  [7, 3],
  [8, 1000],
  [1, 257],
  [300, 5],
  [2, 3, 5],
  [1, 4, 1],
  [3, 1, 7],
  [1, 1, 1, 1],
  [2, 3, 4, 5],
  [1, 5, 7, 11],
  [3, 2, 13, 1],
  [1, 19, 6, 5],
  [2, 2, 16, 16],
  [1, 7, 31, 37],
  [3, 4, 67, 61],
  [5, 3, 1, 2],
  [1, 65, 3, 3],
  [2, 129, 2, 1],
  [2, 3, 4, 3, 5],
];
