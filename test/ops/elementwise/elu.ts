import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { numberOf } from "../common/ref.ts";
import { unaryReference } from "../common/reference/unary.ts";
import { unaryTable } from "../common/samples/pointwise.ts";
import { curve } from "../common/tolerance/pointwise.ts";

export const op: OpTest = {
  name: "elu",
  call: ([x], a) => T.elu(x, a.alpha),
  reference: unaryReference({
    value: (x, attrs) => (x > 0 ? x : numberOf(attrs, "alpha") * Math.expm1(x)),
    slope: (x, attrs) => (x > 0 ? 1 : numberOf(attrs, "alpha") * Math.exp(x)),
  }),
  samples: unaryTable("elu", (d, s) => d.apart(s, [0], -6, 3), { alpha: Math.fround(1.3) }, true),
  tolerance: curve,
};
