/** Ops along one axis: places of extremes, running sums, and what indices name. Indices come as float64 numbers. */
import { type Attrs, eachIndex, numberOf, type Ref, type Reference, sizeOf, stridesOf, zeros } from "./ref.ts";

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

const extreme = (op: "argmax" | "argmin"): Reference => ({
  op,
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

const cumsum: Reference = {
  op: "cumsum",
  forward([x], attrs) {
    const out = zeros(x.shape);
    eachLine(x.shape, axisOf(attrs, x.shape.length), (places) => {
      let sum = 0;
      for (const p of places) {
        sum += x.data[p];
        out.data[p] = sum;
      }
    });
    return out;
  },
  backward([x], attrs, gradOut) {
    const gx = zeros(x.shape);
    eachLine(x.shape, axisOf(attrs, x.shape.length), (places) => {
      let sum = 0;
      for (const p of [...places].reverse()) {
        sum += gradOut.data[p];
        gx.data[p] = sum;
      }
    });
    return [gx];
  },
};

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

function taken(op: string, x: Ref, index: Ref, attrs: Attrs, shape?: readonly number[]): Ref {
  const n = named(op, x.shape, index, attrs);
  return { shape: shape ?? n.shape, data: Float64Array.from(n.at, (p) => x.data[p]) };
}

function given(op: string, shape: readonly number[], index: Ref, attrs: Attrs, g: Ref): Ref {
  const gx = zeros(shape);
  named(op, shape, index, attrs).at.forEach((p, i) => {
    gx.data[p] += g.data[i];
  });
  return gx;
}

const selecting = (op: "gather" | "index_select"): Reference => ({
  op,
  forward: ([x, index], attrs) => taken(op, x, index, attrs),
  backward: ([x, index], attrs, gradOut) => [given(op, x.shape, index, attrs, gradOut), null],
});

const embedding: Reference = {
  op: "embedding",
  forward: ([index, weight]) => taken("embedding", weight, index, {}, [...index.shape, weight.shape[1]]),
  backward: ([index, weight], _attrs, gradOut) => [null, given("embedding", weight.shape, index, {}, gradOut)],
};

/** The flat place in `big` of each element of `small`, which is its corner. */
export function cornerOf(small: readonly number[], big: readonly number[]): Int32Array {
  const step = stridesOf(big);
  const at = new Int32Array(sizeOf(small));
  eachIndex(small, (index, flat) => {
    at[flat] = index.reduce((sum, i, d) => sum + i * step[d], 0);
  });
  return at;
}

const scatterAdd: Reference = {
  op: "scatter_add",
  forward([x, index, src], attrs) {
    const out: Ref = { shape: x.shape, data: x.data.slice() };
    const from = cornerOf(index.shape, src.shape);
    named("scatter_add", x.shape, index, attrs).at.forEach((p, i) => {
      out.data[p] += src.data[from[i]];
    });
    return out;
  },
  backward([x, index, src], attrs, gradOut) {
    const gs = zeros(src.shape);
    const from = cornerOf(index.shape, src.shape);
    named("scatter_add", x.shape, index, attrs).at.forEach((p, i) => {
      gs.data[from[i]] += gradOut.data[p];
    });
    return [gradOut, null, gs];
  },
};

const oneHot: Reference = {
  op: "one_hot",
  forward([index], attrs) {
    const classes = numberOf(attrs, "classes");
    const out = zeros([...index.shape, classes]);
    index.data.forEach((c, i) => {
      out.data[i * classes + c] = 1;
    });
    return out;
  },
  backward: () => [null],
};

export const indexingReferences: readonly Reference[] = [
  extreme("argmax"),
  extreme("argmin"),
  cumsum,
  selecting("gather"),
  selecting("index_select"),
  embedding,
  scatterAdd,
  oneHot,
];
