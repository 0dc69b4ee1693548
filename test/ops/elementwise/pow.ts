import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { type BinaryRule, binaryReference } from "../common/reference/binary.ts";
import { binaryTable } from "../common/samples/pointwise.ts";
import { broadcastGrad, curve } from "../common/tolerance/pointwise.ts";

const rule: BinaryRule = {
  value: (a, b) => a ** b,
  da: (a, b) => b * a ** (b - 1),
  db: (a, b) => a ** b * Math.log(a),
};

export const op: OpTest = {
  name: "pow",
  call: ([a, b]) => T.pow(a, b),
  reference: binaryReference(rule),
  samples: binaryTable("pow", (d, a, b) => [d.besideOne(a, 0.2, 3), d.uniform(b, -3, 3)]),
  tolerance: { forward: curve.forward, grad: broadcastGrad(rule, "t", false) },
};
