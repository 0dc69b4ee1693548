import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { sigmoid, unaryReference } from "../common/reference/unary.ts";
import { unaryTable } from "../common/samples/pointwise.ts";
import { curve, eachGrad } from "../common/tolerance/pointwise.ts";

export const op: OpTest = {
  name: "tanh",
  call: ([x]) => T.tanh(x),
  // 1 - tanh^2 cancels for large x; 4 s(2x) s(-2x) is the same number without the loss.
  reference: unaryReference({ value: Math.tanh, slope: (x) => 4 * sigmoid(2 * x) * sigmoid(-2 * x) }),
  samples: unaryTable("tanh", (d, s) => d.uniform(s, -4, 4)),
  // g (1 - y^2), likewise.
  tolerance: { forward: curve.forward, grad: eachGrad(() => 1, 1) },
};
