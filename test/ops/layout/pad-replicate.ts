/** attrs { pads: [before, after] of each axis }. */
import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { padding, spreadReference } from "../common/reference/spread.ts";
import { refused } from "../common/sample.ts";
import { both, none, type Pads, padRow } from "../common/samples/spread.ts";
import { spreadRule } from "../common/tolerance/conv.ts";

type Shape = readonly number[];

const clamped = (at: number, size: number): number => Math.min(size - 1, Math.max(0, at));

const replication = padding(clamped);

/** Beyond what a reflection can give. */
const further: readonly (readonly [Shape, Pads])[] = [
  [[1], [[3, 4]]],
  [[2], [[0, 5]]],
  [
    [1, 1, 1, 1],
    [none, none, [2, 3], [4, 1]],
  ],
  [
    [2, 1, 3, 2],
    [none, [1, 2], [5, 4], [3, 3]],
  ],
];

export const op: OpTest = {
  name: "pad_replicate",
  exported: "pad",
  call: ([x], a) => T.pad(x, a.pads, { mode: "replicate" }),
  reference: spreadReference(replication),
  samples: {
    rows: [...both, ...further].map(padRow("pad_replicate")),
    errors: [
      refused("of nothing", [[2, 0]], { pads: [none, [1, 0]] }, "pad", "dimension 1", "constant"),
      refused("too many axes", [[2]], { pads: [[1, 1], none] }, "pad", "1 dimensions"),
    ],
  },
  tolerance: spreadRule(replication),
};
