/** Samples of ops that make tensors: a number that is a constant to them stands for the device. */
import type { Attrs, Ref, Reference } from "../ref.ts";
import { type ErrorRow, type Row, refused, row } from "../sample.ts";

const one: Ref = { shape: [], data: Float64Array.of(1) };

export const made = (op: string, attrs: Attrs): Row =>
  row(op, JSON.stringify(attrs), () => ({ inputs: [one], attrs }), true);

export const refusedMaking = (
  name: string,
  attrs: Attrs,
  errorClass: ErrorRow["errorClass"],
  ...messageIncludes: string[]
): ErrorRow => ({ ...refused(name, [[]], attrs, ...messageIncludes), errorClass });

export const makes = (make: (attrs: Attrs) => Ref): Reference => ({
  forward: (_, attrs) => make(attrs),
  backward: () => [null],
});

export const shapes: readonly (readonly number[])[] = [
  [],
  [1],
  [2],
  [7],
  [257],
  [1, 1],
  [3, 5],
  [1, 13],
  [13, 1],
  [2, 3, 5],
  [1, 1, 1, 1],
  [1, 3, 4, 5],
  [3, 1, 7, 2],
  [2, 2, 2, 2, 2],
  [1, 5, 17, 11],
  [3, 4, 31, 8],
  [4, 129, 131],
  [65_537],
  [0],
  [2, 0, 3],
];
