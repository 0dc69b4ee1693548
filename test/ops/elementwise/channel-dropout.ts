import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { dropRows } from "../common/reference/drop-rows.ts";
import { dropRowsTable } from "../common/samples/drop-rows.ts";
import { products } from "../common/tolerance/pointwise.ts";

export const op: OpTest = {
  name: "channel_dropout",
  exported: "dropout2d",
  call: ([x], a) => T.dropout2d(x, { p: a.p, rng: a.key }),
  reference: dropRows(2),
  samples: dropRowsTable("channel_dropout"),
  tolerance: products,
};
