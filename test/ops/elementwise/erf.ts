import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { erf } from "../common/reference/erf.ts";
import { unaryReference } from "../common/reference/unary.ts";
import { withRows } from "../common/samples/pointwise.ts";
import { lineOf } from "../common/samples/special.ts";
import { curve } from "../common/tolerance/pointwise.ts";

export const op: OpTest = {
  name: "erf",
  call: ([x]) => T.erf(x),
  reference: unaryReference({ value: erf, slope: (x) => (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) }),
  samples: withRows("erf", (d, s) => d.uniform(s, -3, 3), [
    ["tiny", (d) => d.signed([257], 1e-30, 1e-3)],
    ["where the series ends", (d) => d.fill([2, 31], (r, i) => (i % 2 === 0 ? -1 : 1) + r.uniform(-1e-3, 1e-3))],
    ["far out", (d) => d.signed([5, 13], 3, 9)],
    ["both zeros", lineOf([0, -0, 1e-40, -1e-40, 0.25])],
  ]),
  tolerance: curve,
};
