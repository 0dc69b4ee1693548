/** Ops along one axis, and what indices name. Indices come as float64 numbers. */
import { type Attrs, eachIndex, numberOf, type Ref, type Reference, sizeOf, stridesOf, zeros } from "../ref.ts";

export const axisOf = (attrs: Attrs, rank: number): number => {
  const axis = numberOf(attrs, "axis");
  return axis < 0 ? axis + rank : axis;
};

/** Calls `visit` with the flat places of each line of `shape` along `axis`, in order. */
export function eachLine(
  shape: readonly number[],
  axis: number,
  visit: (places: number[], line: number) => void,
): void {
  const step = stridesOf(shape);
  let line = 0;
  eachIndex(
    shape.map((n, d) => (d === axis ? Math.min(n, 1) : n)),
    (index) => {
      const first = index.reduce((sum, i, d) => sum + i * step[d], 0);
      visit(
        Array.from({ length: shape[axis] }, (_, i) => first + i * step[axis]),
        line++,
      );
    },
  );
}

export const extreme = (op: "argmax" | "argmin"): Reference => ({
  forward([x], attrs) {
    const axis = axisOf(attrs, x.shape.length);
    const kept = x.shape.map((n, d) => (d === axis ? 1 : n));
    const out = zeros(attrs.keepdim === true ? kept : kept.filter((_, d) => d !== axis));
    const beats = (a: number, b: number) => (op === "argmax" ? a > b : a < b);
    eachLine(x.shape, axis, (places, line) => {
      let best = 0;
      places.forEach((p, i) => {
        if (beats(x.data[p], x.data[places[best]])) best = i;
      });
      out.data[line] = best;
    });
    return out;
  },
  backward: () => [null],
});

/** For each element of the index (or of what it selects) the flat place that it names in an array of `shape`. */
export function named(
  op: string,
  shape: readonly number[],
  index: Ref,
  attrs: Attrs,
): { shape: number[]; at: Int32Array } {
  if (op === "embedding")
    return named("index_select", shape, { shape: [index.data.length], data: index.data }, { axis: 0 });
  const axis = axisOf(attrs, shape.length);
  const out = op === "index_select" ? shape.map((n, d) => (d === axis ? index.shape[0] : n)) : [...index.shape];
  const step = stridesOf(shape);
  const at = new Int32Array(sizeOf(out));
  eachIndex(out, (place, flat) => {
    const along = op === "index_select" ? index.data[place[axis]] : index.data[flat];
    if (!Number.isInteger(along) || along < 0 || along >= shape[axis])
      throw new RangeError(`${op}: index ${along} is outside axis ${axis} of [${shape}]`);
    at[flat] = place.reduce((sum, i, d) => sum + (d === axis ? along : i) * step[d], 0);
  });
  return { shape: out, at };
}

export function taken(op: string, x: Ref, index: Ref, attrs: Attrs, shape?: readonly number[]): Ref {
  const n = named(op, x.shape, index, attrs);
  return { shape: shape ?? n.shape, data: Float64Array.from(n.at, (p) => x.data[p]) };
}

export function given(op: string, shape: readonly number[], index: Ref, attrs: Attrs, g: Ref): Ref {
  const gx = zeros(shape);
  named(op, shape, index, attrs).at.forEach((p, i) => {
    gx.data[p] += g.data[i];
  });
  return gx;
}

export const selecting = (op: "gather" | "index_select"): Reference => ({
  forward: ([x, index], attrs) => taken(op, x, index, attrs),
  backward: ([x, index], attrs, gradOut) => [given(op, x.shape, index, attrs, gradOut), null],
});
