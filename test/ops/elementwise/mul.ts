import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { type BinaryRule, binaryReference } from "../common/reference/binary.ts";
import { binaryTable, plain } from "../common/samples/pointwise.ts";
import { broadcastGrad, products } from "../common/tolerance/pointwise.ts";

const rule: BinaryRule = { value: (a, b) => a * b, da: (_, b) => b, db: (a) => a };

export const op: OpTest = {
  name: "mul",
  call: ([a, b]) => T.mul(a, b),
  reference: binaryReference(rule),
  samples: binaryTable("mul", plain),
  tolerance: { forward: products.forward, grad: broadcastGrad(rule, "u", false) },
};
