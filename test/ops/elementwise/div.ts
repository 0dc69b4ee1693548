import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { type BinaryRule, binaryReference } from "../common/reference/binary.ts";
import { binaryTable } from "../common/samples/pointwise.ts";
import { broadcastGrad, products } from "../common/tolerance/pointwise.ts";

const rule: BinaryRule = { value: (a, b) => a / b, da: (_, b) => 1 / b, db: (a, b) => -a / (b * b) };

export const op: OpTest = {
  name: "div",
  call: ([a, b]) => T.div(a, b),
  reference: binaryReference(rule),
  samples: binaryTable("div", (d, a, b) => [d.uniform(a), d.signed(b, 0.3, 2)]),
  tolerance: { forward: products.forward, grad: broadcastGrad(rule, "u", false) },
};
