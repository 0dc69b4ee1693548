/** Ops that only move values. Each is a map from places in the result to places in an input. */
import { type Attrs, eachIndex, numberOr, type Reference, stridesOf, zeros } from "../ref.ts";

interface Move {
  readonly shape: readonly number[];
  /** For each element of the result: which input, and where in it; -1 for a constant. */
  readonly input: Int32Array;
  readonly place: Int32Array;
}

export type Mover = (shapes: readonly (readonly number[])[], attrs: Attrs) => Move;

export function moveBy(
  shape: readonly number[],
  sources: readonly (readonly number[])[],
  find: (index: readonly number[]) => { input: number; at: readonly number[] } | undefined,
): Move {
  const steps = sources.map(stridesOf);
  const { length } = zeros(shape).data;
  const input = new Int32Array(length).fill(-1);
  const place = new Int32Array(length).fill(-1);
  eachIndex(shape, (index, flat) => {
    const found = find(index);
    if (!found) return;
    input[flat] = found.input;
    place[flat] = found.at.reduce((sum, i, axis) => sum + i * steps[found.input][axis], 0);
  });
  return { shape, input, place };
}

export function padsOf(attrs: Attrs): [number, number][] {
  if (!Array.isArray(attrs.pads)) throw new TypeError("reference: attribute pads must be a list of [before, after]");
  return attrs.pads as [number, number][];
}

export const moving = (mover: Mover): Reference => ({
  forward(inputs, attrs) {
    const { shape, input, place } = mover(
      inputs.map((x) => x.shape),
      attrs,
    );
    const out = zeros(shape);
    const fill = numberOr(attrs, "value", 0);
    for (let i = 0; i < input.length; i++) out.data[i] = input[i] < 0 ? fill : inputs[input[i]].data[place[i]];
    return out;
  },
  backward(inputs, attrs, gradOut) {
    const { input, place } = mover(
      inputs.map((x) => x.shape),
      attrs,
    );
    const grads = inputs.map((x) => zeros(x.shape));
    for (let i = 0; i < input.length; i++) if (input[i] >= 0) grads[input[i]].data[place[i]] += gradOut.data[i];
    return grads;
  },
});
