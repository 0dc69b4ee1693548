import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { selecting } from "../common/reference/indexing.ts";
import { refused, row, type SampleTable, show } from "../common/sample.ts";
import { indices } from "../common/samples/indexing.ts";
import { selectingRule } from "../common/tolerance/indexing.ts";

type Shape = readonly number[];

const selects: readonly (readonly [Shape, number, number])[] = [
  [[1], 0, 1],
  [[7], 0, 3],
  [[7], -1, 29],
  [[3, 5], 0, 4],
  [[3, 5], 1, 2],
  [[3, 5], -1, 17],
  [[1, 13], 0, 3],
  [[13, 1], 0, 5],
  [[13, 1], 1, 5],
  [[2, 3, 5], 1, 4],
  [[2, 3, 5], -3, 6],
  [[2, 3, 5], 2, 9],
  [[2, 3, 4, 5], 2, 6],
  [[2, 3, 4, 5], 0, 1],
  [[1, 1, 11, 13], 3, 2],
  [[2, 3, 2, 3, 2], 3, 5],
  [[257], 0, 1031],
  [[1031], 0, 257],
  [[67, 71], 0, 71],
  [[67, 71], 1, 140],
  [[5, 101, 13], 1, 211],
  [[3, 5], 1, 0],
  [[0, 5], 1, 3],
];

const samples: SampleTable = {
  rows: selects.map(([x, axis, n]) =>
    row("index_select", `${show(x)} axis ${axis} by ${n}`, (d) => ({
      inputs: [d.uniform(x), indices(d, [n], x.at(axis)!)],
      attrs: { axis },
    })),
  ),
  errors: [
    refused(
      "index of two dimensions",
      [
        [2, 3],
        [2, 2],
      ],
      { axis: 0 },
      "index_select",
      "[2, 2]",
      "gather",
    ),
    refused("no such axis", [[2, 3], [2]], { axis: -3 }, "-3"),
  ],
};

export const op: OpTest = {
  name: "index_select",
  call: ([x, i], a) => T.indexSelect(x, a.axis, T.cast(i, "i32")),
  reference: selecting("index_select"),
  samples,
  tolerance: selectingRule("index_select", 0),
};
