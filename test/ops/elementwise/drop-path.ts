import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { dropRows } from "../common/reference/drop-rows.ts";
import { dropRowsTable } from "../common/samples/drop-rows.ts";
import { products } from "../common/tolerance/pointwise.ts";

export const op: OpTest = {
  name: "drop_path",
  call: ([x], a) => T.dropPath(x, { p: a.p, rng: a.key }),
  reference: dropRows(1),
  samples: dropRowsTable("drop_path"),
  tolerance: products,
};
