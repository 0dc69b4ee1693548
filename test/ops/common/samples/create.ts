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
