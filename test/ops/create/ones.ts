import * as T from "../../../src/tensor/index.ts";
import { deviceOf, type OpTest } from "../common/op-test.ts";
import { unaryReference } from "../common/reference/unary.ts";
import { refused } from "../common/sample.ts";
import { unaryTable } from "../common/samples/pointwise.ts";
import { exact } from "../common/tolerance/pointwise.ts";

export const op: OpTest = {
  name: "ones",
  // A product with x: ones alone would be the same everywhere, and tell little.
  call: ([x], a) => T.mul(x, T.ones(deviceOf(x), a.shape ?? x.shape, x.dtype)),
  reference: unaryReference({ value: (x) => x, slope: () => 1 }),
  samples: {
    ...unaryTable("ones", (d, s) => d.uniform(s)),
    errors: [refused("a negative size", [[2]], { shape: [2, -1] }, "[2, -1]")],
  },
  creates: true,
  tolerance: exact,
};
