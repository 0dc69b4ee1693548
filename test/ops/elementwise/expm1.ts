import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { unaryReference } from "../common/reference/unary.ts";
import { withRows } from "../common/samples/pointwise.ts";
import { lineOf } from "../common/samples/special.ts";
import { curve } from "../common/tolerance/pointwise.ts";

export const op: OpTest = {
  name: "expm1",
  call: ([x]) => T.expm1(x),
  reference: unaryReference({ value: Math.expm1, slope: Math.exp }),
  samples: withRows("expm1", (d, s) => d.uniform(s, -4, 4), [
    ["tiny", (d) => d.signed([257], 1e-30, 1e-3)],
    ["where the series ends", (d) => d.fill([2, 31], (r, i) => (i % 2 === 0 ? -0.35 : 0.35) + r.uniform(-1e-3, 1e-3))],
    ["far below", (d) => d.uniform([5, 13], -80, -4)],
    ["far above", (d) => d.uniform([5, 13], 4, 80)],
    ["both zeros", lineOf([0, -0, 1e-40, -1e-40, 0.25])],
  ]),
  // Below -0.35 and above 0.35 the difference has a third of the exponential's size at least, beside float32's own 6e-8.
  tolerance: curve,
};
