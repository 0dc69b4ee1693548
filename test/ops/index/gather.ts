import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { selecting } from "../common/reference/indexing.ts";
import { refused, row, type SampleTable, show } from "../common/sample.ts";
import { gathers, indices } from "../common/samples/indexing.ts";
import { selectingRule } from "../common/tolerance/indexing.ts";

const samples: SampleTable = {
  rows: gathers.map(([x, axis, index]) =>
    row("gather", `${show(x)} axis ${axis} by ${show(index)}`, (d) => ({
      inputs: [d.uniform(x), indices(d, index, x.at(axis)!)],
      attrs: { axis },
    })),
  ),
  errors: [
    refused("ranks differ", [[2, 3], [2]], { axis: 0 }, "gather", "[2, 3]", "[2]"),
    refused(
      "index larger beside the axis",
      [
        [2, 3],
        [3, 3],
      ],
      { axis: 1 },
      "index",
      "[3, 3]",
      "axis 1",
    ),
    refused(
      "no such axis",
      [
        [2, 3],
        [2, 3],
      ],
      { axis: 2 },
      "2",
    ),
  ],
};

export const op: OpTest = {
  name: "gather",
  call: ([x, i], a) => T.gather(x, a.axis, T.cast(i, "i32")),
  reference: selecting("gather"),
  samples,
  tolerance: selectingRule("gather", 0),
};
