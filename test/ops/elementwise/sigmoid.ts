import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { sigmoid, unaryReference } from "../common/reference/unary.ts";
import { unaryTable } from "../common/samples/pointwise.ts";
import { curve, eachGrad } from "../common/tolerance/pointwise.ts";

export const op: OpTest = {
  name: "sigmoid",
  call: ([x]) => T.sigmoid(x),
  reference: unaryReference({ value: sigmoid, slope: (x) => sigmoid(x) * sigmoid(-x) }),
  samples: unaryTable("sigmoid", (d, s) => d.uniform(s, -6, 6)),
  // g s (1 - s): the second factor is a sum of terms up to 1.
  tolerance: { forward: curve.forward, grad: eachGrad(sigmoid, 1) },
};
