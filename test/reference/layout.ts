/** Ops that only move values: reshape, permute, slice, concat, pad. Each is a map from places in the result to places in an input. */
import {
  type Attrs,
  eachIndex,
  numberOf,
  numberOr,
  numbersOf,
  type Ref,
  type Reference,
  ref,
  stridesOf,
  zeros,
} from "./ref.ts";

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

const permute: Mover = ([x], attrs) => {
  const perm = numbersOf(attrs, "perm");
  const at = new Array<number>(x.length);
  return moveBy(
    perm.map((axis) => x[axis]),
    [x],
    (index) => {
      perm.forEach((axis, i) => {
        at[axis] = index[i];
      });
      return { input: 0, at };
    },
  );
};

/** starts inclusive, ends exclusive, one of each for every axis. */
const slice: Mover = ([x], attrs) => {
  const starts = numbersOf(attrs, "starts");
  const ends = numbersOf(attrs, "ends");
  return moveBy(
    starts.map((s, axis) => ends[axis] - s),
    [x],
    (index) => ({ input: 0, at: index.map((i, axis) => i + starts[axis]) }),
  );
};

const concat: Mover = (shapes, attrs) => {
  const axis = numberOf(attrs, "axis");
  const along = shapes.map((s) => s[axis]);
  const shape = shapes[0].map((n, i) => (i === axis ? along.reduce((a, b) => a + b, 0) : n));
  return moveBy(shape, shapes, (index) => {
    const at = [...index];
    let input = 0;
    while (at[axis] >= along[input]) at[axis] -= along[input++];
    return { input, at };
  });
};

export function padsOf(attrs: Attrs): [number, number][] {
  if (!Array.isArray(attrs.pads)) throw new TypeError("reference: attribute pads must be a list of [before, after]");
  return attrs.pads as [number, number][];
}

const pad: Mover = ([x], attrs) => {
  const pads = padsOf(attrs);
  return moveBy(
    x.map((n, axis) => n + pads[axis][0] + pads[axis][1]),
    [x],
    (index) => {
      const at = index.map((i, axis) => i - pads[axis][0]);
      return at.every((i, axis) => i >= 0 && i < x[axis]) ? { input: 0, at } : undefined;
    },
  );
};

export const moving = (op: string, mover: Mover): Reference => ({
  op,
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

/** Same values in the same order under another shape; one size may be -1. */
const reshape: Reference = {
  op: "reshape",
  forward([x], attrs) {
    const wanted = numbersOf(attrs, "shape");
    const known = wanted.filter((n) => n >= 0).reduce((a, b) => a * b, 1);
    return ref(
      wanted.map((n) => (n === -1 ? x.data.length / known : n)),
      x.data,
    );
  },
  backward: ([x]: readonly Ref[], _attrs, gradOut) => [ref(x.shape, gradOut.data)],
};

export const layoutReferences: readonly Reference[] = [
  reshape,
  moving("permute", permute),
  moving("slice", slice),
  moving("concat", concat),
  moving("pad", pad),
];
