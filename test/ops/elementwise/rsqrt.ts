import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { unaryReference } from "../common/reference/unary.ts";
import { unaryTable } from "../common/samples/pointwise.ts";
import { products } from "../common/tolerance/pointwise.ts";

export const op: OpTest = {
  name: "rsqrt",
  call: ([x]) => T.rsqrt(x),
  reference: unaryReference({ value: (x) => 1 / Math.sqrt(x), slope: (x) => -0.5 * x ** -1.5 }),
  samples: unaryTable("rsqrt", (d, s) => d.uniform(s, 0.05, 9)),
  tolerance: products,
};
