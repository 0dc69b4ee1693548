/** Reductions over any set of axes: { axes, keepdim }. */
import {
  type Attrs,
  eachIndex,
  normalAxes,
  numbersOf,
  type Ref,
  type Reference,
  sizeOf,
  stridesOf,
  zeros,
} from "../ref.ts";

interface Groups {
  /** Shape of the result. */
  readonly shape: number[];
  /** For each element of the input, the place of its group in the result. */
  readonly group: Int32Array;
  /** How many elements a group holds. */
  readonly length: number;
}

/** Which elements of `shape` a reduction over `axes` brings together. */
export function groupsOf(shape: readonly number[], axes: readonly number[], keepdim: boolean): Groups {
  const away = new Set(normalAxes(axes, shape.length));
  const kept = shape.map((n, axis) => (away.has(axis) ? 1 : n));
  const steps = stridesOf(kept).map((step, axis) => (away.has(axis) ? 0 : step));
  const group = new Int32Array(sizeOf(shape));
  eachIndex(shape, (index, flat) => {
    let at = 0;
    for (let axis = 0; axis < index.length; axis++) at += index[axis] * steps[axis];
    group[flat] = at;
  });
  const out = keepdim ? kept : kept.filter((_, axis) => !away.has(axis));
  return { shape: out, group, length: [...away].reduce((n, axis) => n * shape[axis], 1) };
}

export const groupsFor = (x: Ref, attrs: Attrs): Groups =>
  groupsOf(x.shape, numbersOf(attrs, "axes"), attrs.keepdim === true);

export function sums(data: Float64Array, { shape, group }: Groups): Ref {
  const out = zeros(shape);
  for (let i = 0; i < data.length; i++) out.data[group[i]] += data[i];
  return out;
}

/** Mean of each group, in the order of the groups' places. */
export function meansOf(data: Float64Array, groups: Groups): Float64Array {
  return sums(data, groups).data.map((s) => s / groups.length);
}

/** Largest or smallest of each group; the gradient is shared evenly among equals, as torch.amax and torch.amin do. */
export const extreme = (op: "max" | "min"): Reference => {
  const better = op === "max" ? Math.max : Math.min;
  const forward: Reference["forward"] = ([x], attrs) => {
    const { shape, group } = groupsFor(x, attrs);
    const out = zeros(shape);
    out.data.fill(op === "max" ? -Infinity : Infinity);
    for (let i = 0; i < x.data.length; i++) out.data[group[i]] = better(out.data[group[i]], x.data[i]);
    return out;
  };
  return {
    forward,
    backward([x], attrs, gradOut) {
      const { group } = groupsFor(x, attrs);
      const best = forward([x], attrs).data;
      const equals = new Float64Array(best.length);
      for (let i = 0; i < x.data.length; i++) if (x.data[i] === best[group[i]]) equals[group[i]]++;
      const gx = zeros(x.shape);
      for (let i = 0; i < x.data.length; i++)
        if (x.data[i] === best[group[i]]) gx.data[i] = gradOut.data[group[i]] / equals[group[i]];
      return [gx];
    },
  };
};
