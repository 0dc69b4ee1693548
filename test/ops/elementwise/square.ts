import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { unaryReference } from "../common/reference/unary.ts";
import { unaryTable } from "../common/samples/pointwise.ts";
import { products } from "../common/tolerance/pointwise.ts";

export const op: OpTest = {
  name: "square",
  call: ([x]) => T.square(x),
  reference: unaryReference({ value: (x) => x * x, slope: (x) => 2 * x }),
  samples: unaryTable("square", (d, s) => d.uniform(s)),
  tolerance: products,
};
