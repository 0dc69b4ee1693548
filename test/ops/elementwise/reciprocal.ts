import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { unaryReference } from "../common/reference/unary.ts";
import { withRows } from "../common/samples/pointwise.ts";
import { products } from "../common/tolerance/pointwise.ts";

export const op: OpTest = {
  name: "reciprocal",
  call: ([x]) => T.reciprocal(x),
  reference: unaryReference({ value: (x) => 1 / x, slope: (x) => -1 / (x * x) }),
  samples: withRows("reciprocal", (d, s) => d.signed(s, 0.1, 4), [
    ["tiny", (d) => d.signed([257], 1e-15, 1e-3)],
    ["large", (d) => d.signed([257], 1e3, 1e18)],
  ]),
  tolerance: products,
};
