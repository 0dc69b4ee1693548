import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { type BinaryRule, binaryReference } from "../common/reference/binary.ts";
import { binaryTable, unequal } from "../common/samples/pointwise.ts";
import { broadcastGrad } from "../common/tolerance/pointwise.ts";

/** Ties give half the gradient to each side. */
const rule: BinaryRule = {
  value: (a, b) => Math.min(a, b),
  da: (a, b) => (a < b ? 1 : a > b ? 0 : 0.5),
  db: (a, b) => (b < a ? 1 : b > a ? 0 : 0.5),
};

export const op: OpTest = {
  name: "minimum",
  call: ([a, b]) => T.minimum(a, b),
  reference: binaryReference(rule),
  samples: binaryTable("minimum", unequal, true),
  tolerance: { forward: () => 0, grad: broadcastGrad(rule, "u", true) },
};
