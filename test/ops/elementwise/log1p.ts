import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { unaryReference } from "../common/reference/unary.ts";
import { withRows } from "../common/samples/pointwise.ts";
import { curve, products } from "../common/tolerance/pointwise.ts";

export const op: OpTest = {
  name: "log1p",
  call: ([x]) => T.log1p(x),
  reference: unaryReference({ value: Math.log1p, slope: (x) => 1 / (1 + x) }),
  samples: withRows("log1p", (d, s) => d.uniform(s, -0.9, 9), [
    ["tiny", (d) => d.signed([257], 1e-30, 1e-3)],
    ["where the series ends", (d) => d.fill([2, 31], (r, i) => (i % 2 === 0 ? -0.5 : 1) + r.uniform(-1e-3, 1e-3))],
    ["nearly -1", (d) => d.fill([3, 11], (r) => -1 + r.uniform(1e-6, 1e-2))],
    ["large", (d) => d.uniform([5, 13], 100, 6e4)],
  ]),
  // 1 + x is rounded once where the logarithm is at least ln(2), and below -1/2 it is exact: so the logarithm's own error.
  tolerance: { forward: curve.forward, grad: products.grad },
};
