import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { numbersOf } from "../common/ref.ts";
import { axisOf } from "../common/reference/indexing.ts";
import { type Mover, moveBy, moving } from "../common/reference/layout.ts";
import { refused, row, type SampleTable, show } from "../common/sample.ts";
import { exact } from "../common/tolerance/pointwise.ts";

type Shape = readonly number[];

/** The parts of the given sizes, joined again in the opposite order: one result that tells of every part. */
const split: Mover = ([x], attrs) => {
  const axis = axisOf(attrs, x.length);
  const sizes = numbersOf(attrs, "sizes");
  const order = Array.from({ length: x[axis] }, (_, i) => i);
  const parts: number[][] = [];
  for (const n of sizes) parts.unshift(order.splice(0, n));
  const from = parts.flat();
  return moveBy(x, [x], (index) => ({ input: 0, at: index.map((i, d) => (d === axis ? from[i] : i)) }));
};

const splits: readonly (readonly [Shape, readonly number[], number])[] = [
  [[1], [1], 0],
  [[7], [3, 4], 0],
  [[7], [1, 2, 3, 1], 0],
  [[7], [7, 0], 0],
  [[3, 5], [1, 2], 0],
  [[3, 5], [4, 1], 1],
  [[3, 5], [2, 2, 1], -1],
  [[1, 13], [6, 7], 1],
  [[13, 1], [1, 5, 7], 0],
  [[2, 3, 5], [1, 1, 1], 1],
  [[2, 3, 5], [2, 3], -1],
  [[2, 3, 5], [1, 1], 0],
  [[2, 3, 4, 5], [1, 3], 2],
  [[2, 3, 4, 5], [2, 1], -3],
  [[1, 1, 11, 13], [5, 6], 2],
  [[2, 3, 2, 3, 2], [1, 2], 3],
  [[523], [261, 262], 0],
  [[67, 71], [60, 7], 0],
  [[67, 71], [1, 70], 1],
  [[2, 129, 131], [65, 64], 1],
  [[0, 3], [1, 2], 1],
];

const samples: SampleTable = {
  rows: splits.map(([x, sizes, axis]) =>
    row("split", `${show(x)} axis ${axis}: ${show(sizes)}`, (d) => ({
      inputs: [d.uniform(x)],
      attrs: { sizes, axis },
    })),
  ),
  errors: [
    refused("sizes that do not add up", [[2, 7]], { sizes: [3, 3], axis: 1 }, "split", "[3,3]", "7"),
    refused("no such axis", [[2, 3]], { sizes: [1, 1], axis: 2 }, "2"),
  ],
};

export const op: OpTest = {
  name: "split",
  // One result that tells of every part: joined again in the opposite order.
  call: ([x], a) => T.concat(T.split(x, a.sizes, a.axis).reverse(), a.axis),
  reference: moving(split),
  samples,
  tolerance: exact,
};
