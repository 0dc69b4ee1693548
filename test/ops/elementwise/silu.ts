import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { sigmoid, unaryReference } from "../common/reference/unary.ts";
import { unaryTable } from "../common/samples/pointwise.ts";
import { curve, eachGrad } from "../common/tolerance/pointwise.ts";

export const op: OpTest = {
  name: "silu",
  call: ([x]) => T.silu(x),
  reference: unaryReference({ value: (x) => x * sigmoid(x), slope: (x) => sigmoid(x) * (1 + x * sigmoid(-x)) }),
  samples: unaryTable("silu", (d, s) => d.uniform(s, -6, 6)),
  // g s (1 + x - x s): three terms up to max(1, |x|).
  tolerance: { forward: curve.forward, grad: eachGrad((x) => sigmoid(x) * Math.max(1, Math.abs(x)), 3) },
};
