import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { type BinaryRule, binaryReference } from "../common/reference/binary.ts";
import { binaryTable, plain } from "../common/samples/pointwise.ts";
import { broadcastGrad, pairSum } from "../common/tolerance/pointwise.ts";

const rule: BinaryRule = { value: (a, b) => a + b, da: () => 1, db: () => 1 };

export const op: OpTest = {
  name: "add",
  call: ([a, b]) => T.add(a, b),
  reference: binaryReference(rule),
  samples: binaryTable("add", plain),
  tolerance: { forward: pairSum, grad: broadcastGrad(rule, "u", true) },
};
