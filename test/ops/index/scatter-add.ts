import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { eachIndex, type Ref, type Reference, sizeOf, stridesOf, zeros } from "../common/ref.ts";
import { named } from "../common/reference/indexing.ts";
import { refused, row, type SampleTable, show } from "../common/sample.ts";
import { gathers, indices } from "../common/samples/indexing.ts";
import { meeting } from "../common/tolerance/indexing.ts";
import type { ToleranceRule } from "../common/tolerance.ts";

/** The flat place in `big` of each element of `small`, which is its corner. */
function cornerOf(small: readonly number[], big: readonly number[]): Int32Array {
  const step = stridesOf(big);
  const at = new Int32Array(sizeOf(small));
  eachIndex(small, (index, flat) => {
    at[flat] = index.reduce((sum, i, d) => sum + i * step[d], 0);
  });
  return at;
}

const reference: Reference = {
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

const tolerance: ToleranceRule = {
  forward({ inputs: [x, index, src], attrs, u }) {
    const from = cornerOf(index.shape, src.shape);
    const terms = Float64Array.from(from, (i) => src.data[i]);
    return meeting(terms, named("scatter_add", x.shape, index, attrs).at, x.data, u);
  },
  grad: () => 0,
};

/** The gathers' shapes the other way; src as large as the index, and larger. */
const samples: SampleTable = {
  rows: gathers.map(([x, axis, index], i) => {
    const src = i % 3 === 2 ? index.map((n, d) => n + (d % 2) + 1) : index;
    return row("scatter_add", `${show(x)} axis ${axis} by ${show(index)} from ${show(src)}`, (d) => ({
      inputs: [d.uniform(x), indices(d, index, x.at(axis)!), d.uniform(src)],
      attrs: { axis },
    }));
  }),
  errors: [
    refused(
      "src smaller than index",
      [
        [2, 3],
        [2, 3],
        [2, 2],
      ],
      { axis: 0 },
      "scatter_add",
      "src",
      "[2, 2]",
    ),
    refused(
      "index larger beside the axis",
      [
        [2, 3],
        [3, 3],
        [3, 3],
      ],
      { axis: 1 },
      "index",
      "[3, 3]",
    ),
    refused("ranks differ", [[2, 3], [3], [3]], { axis: 1 }, "rank"),
  ],
};

export const op: OpTest = {
  name: "scatter_add",
  call: ([x, i, src], a) => T.scatterAdd(x, a.axis, T.cast(i, "i32"), src),
  reference,
  samples,
  tolerance,
};
