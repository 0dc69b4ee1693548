import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { unaryReference } from "../common/reference/unary.ts";
import { unaryTable } from "../common/samples/pointwise.ts";
import { curve, products } from "../common/tolerance/pointwise.ts";

export const op: OpTest = {
  name: "log",
  call: ([x]) => T.log(x),
  reference: unaryReference({ value: Math.log, slope: (x) => 1 / x }),
  samples: unaryTable("log", (d, s) => d.besideOne(s, 0.05, 20)),
  tolerance: { forward: curve.forward, grad: products.grad },
};
