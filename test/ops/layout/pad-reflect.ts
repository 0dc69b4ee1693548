/** attrs { pads: [before, after] of each axis }. */
import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { padding, spreadReference } from "../common/reference/spread.ts";
import { refused } from "../common/sample.ts";
import { both, none, padRow } from "../common/samples/spread.ts";
import { spreadRule } from "../common/tolerance/conv.ts";

/** Walks outwards from the ends: 0 1 2 3 read as ... 2 1 | 0 1 2 3 | 2 1 ... */
function reflected(at: number, size: number): number {
  let i = at;
  while (i < 0 || i >= size) i = i < 0 ? -i : 2 * (size - 1) - i;
  return i;
}

const reflection = padding(reflected);

export const op: OpTest = {
  name: "pad_reflect",
  exported: "pad",
  call: ([x], a) => T.pad(x, a.pads, { mode: "reflect" }),
  reference: spreadReference(reflection),
  samples: {
    rows: both.map(padRow("pad_reflect")),
    errors: [
      refused("as many as there are", [[2, 3]], { pads: [none, [0, 3]] }, "pad", "dimension 1", "less than 3"),
      refused("of one entry", [[2, 1]], { pads: [none, [1, 0]] }, "pad", "dimension 1", "replicate"),
      refused("of nothing", [[2, 0]], { pads: [none, [1, 0]] }, "pad", "dimension 1"),
      refused("too few axes", [[2, 3]], { pads: [[1, 1]] }, "pad", "2 dimensions"),
      refused("a negative side", [[2, 3]], { pads: [none, [-1, 1]] }, "pad", "0 or more"),
    ],
  },
  tolerance: spreadRule(reflection),
};
