import * as T from "../../../src/tensor/index.ts";
import { deviceOf, type OpTest } from "../common/op-test.ts";
import { numberOf } from "../common/ref.ts";
import { unaryReference } from "../common/reference/unary.ts";
import { refused } from "../common/sample.ts";
import { unaryTable } from "../common/samples/pointwise.ts";
import { products } from "../common/tolerance/pointwise.ts";

export const op: OpTest = {
  name: "full",
  // A product with x: equal numbers alone would tell little.
  call: ([x], a) => T.mul(x, T.full(deviceOf(x), a.shape ?? x.shape, a.value, x.dtype)),
  reference: unaryReference({
    value: (x, attrs) => x * numberOf(attrs, "value"),
    slope: (_, attrs) => numberOf(attrs, "value"),
  }),
  samples: {
    ...unaryTable("full", (d, s) => d.uniform(s), { value: -1.25 }),
    errors: [refused("a negative size", [[2]], { shape: [2, -1], value: 3 }, "full", "[2, -1]")],
  },
  creates: true,
  tolerance: products,
};
