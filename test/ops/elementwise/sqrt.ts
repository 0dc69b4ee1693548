import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { unaryReference } from "../common/reference/unary.ts";
import { unaryTable } from "../common/samples/pointwise.ts";
import { products } from "../common/tolerance/pointwise.ts";

export const op: OpTest = {
  name: "sqrt",
  call: ([x]) => T.sqrt(x),
  reference: unaryReference({ value: Math.sqrt, slope: (x) => 0.5 / Math.sqrt(x) }),
  samples: unaryTable("sqrt", (d, s) => d.uniform(s, 0.05, 9)),
  tolerance: products,
};
