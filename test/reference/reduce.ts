/** Reductions over any set of axes: { axes, keepdim }. */
import {
  type Attrs,
  eachIndex,
  normalAxes,
  numberOf,
  numbersOf,
  type Ref,
  type Reference,
  sizeOf,
  stridesOf,
  zeros,
} from "./ref.ts";

export interface Groups {
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

function sums(data: Float64Array, { shape, group }: Groups): Ref {
  const out = zeros(shape);
  for (let i = 0; i < data.length; i++) out.data[group[i]] += data[i];
  return out;
}

/** Mean of each group, in the order of the groups' places. */
export function meansOf(data: Float64Array, groups: Groups): Float64Array {
  return sums(data, groups).data.map((s) => s / groups.length);
}

const sum: Reference = {
  op: "sum",
  forward: ([x], attrs) => sums(x.data, groupsFor(x, attrs)),
  backward([x], attrs, gradOut) {
    const { group } = groupsFor(x, attrs);
    const gx = zeros(x.shape);
    for (let i = 0; i < gx.data.length; i++) gx.data[i] = gradOut.data[group[i]];
    return [gx];
  },
};

const mean: Reference = {
  op: "mean",
  forward([x], attrs) {
    const groups = groupsFor(x, attrs);
    return { shape: groups.shape, data: meansOf(x.data, groups) };
  },
  backward([x], attrs, gradOut) {
    const { group, length } = groupsFor(x, attrs);
    const gx = zeros(x.shape);
    for (let i = 0; i < gx.data.length; i++) gx.data[i] = gradOut.data[group[i]] / length;
    return [gx];
  },
};

/** Largest or smallest of each group; the gradient is shared evenly among equals, as torch.amax and torch.amin do. */
const extreme = (op: "max" | "min"): Reference => {
  const better = op === "max" ? Math.max : Math.min;
  const forward: Reference["forward"] = ([x], attrs) => {
    const { shape, group } = groupsFor(x, attrs);
    const out = zeros(shape);
    out.data.fill(op === "max" ? -Infinity : Infinity);
    for (let i = 0; i < x.data.length; i++) out.data[group[i]] = better(out.data[group[i]], x.data[i]);
    return out;
  };
  return {
    op,
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

/** Sum of squared deviations from the group's mean, over length - correction. */
const variance: Reference = {
  op: "variance",
  forward([x], attrs) {
    const groups = groupsFor(x, attrs);
    const means = meansOf(x.data, groups);
    const out = zeros(groups.shape);
    const divisor = groups.length - numberOf(attrs, "correction");
    for (let i = 0; i < x.data.length; i++)
      out.data[groups.group[i]] += (x.data[i] - means[groups.group[i]]) ** 2 / divisor;
    return out;
  },
  backward([x], attrs, gradOut) {
    const groups = groupsFor(x, attrs);
    const means = meansOf(x.data, groups);
    const divisor = groups.length - numberOf(attrs, "correction");
    const gx = zeros(x.shape);
    for (let i = 0; i < x.data.length; i++) {
      const at = groups.group[i];
      gx.data[i] = (gradOut.data[at] * 2 * (x.data[i] - means[at])) / divisor;
    }
    return [gx];
  },
};

export const reduceReferences: readonly Reference[] = [sum, mean, extreme("max"), extreme("min"), variance];
