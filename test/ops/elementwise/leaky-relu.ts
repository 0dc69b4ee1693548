import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { numberOf } from "../common/ref.ts";
import { unaryReference } from "../common/reference/unary.ts";
import { unaryTable } from "../common/samples/pointwise.ts";
import { products } from "../common/tolerance/pointwise.ts";

export const op: OpTest = {
  name: "leaky_relu",
  call: ([x], a) => T.leakyRelu(x, a.negative_slope),
  reference: unaryReference({
    value: (x, attrs) => (x > 0 ? x : x * numberOf(attrs, "negative_slope")),
    slope: (x, attrs) => (x > 0 ? 1 : numberOf(attrs, "negative_slope")),
  }),
  samples: unaryTable("leaky_relu", (d, s) => d.apart(s, [0]), { negative_slope: Math.fround(0.1) }, true),
  tolerance: products,
};
