import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { type LossRule, lossReference } from "../common/reference/losses.ts";
import { sigmoid } from "../common/reference/unary.ts";
import { lossTable } from "../common/samples/losses.ts";
import { lossTolerance } from "../common/tolerance/losses.ts";

const root2 = Math.SQRT2;

// The form that does not overflow: max(z, 0) - z y + log(1 + exp(-|z|)).
const rule: LossRule = {
  term: (z, y) => Math.max(z, 0) - z * y + Math.log1p(Math.exp(-Math.abs(z))),
  da: (z, y) => sigmoid(z) - y,
};

export const op: OpTest = {
  name: "bce_with_logits",
  exported: "binaryCrossEntropyWithLogits",
  call: ([x, y, weight], a) => T.binaryCrossEntropyWithLogits(x, y, { ...a, weight }),
  reference: lossReference(rule),
  samples: lossTable({ op: "bce_with_logits", values: (d, s) => [d.apart(s, [0], -4, 4), d.uniform(s, 0, 1)] }),
  // max(z, 0), z y and log(1 + exp(-|z|)): three terms; sigmoid(z) - y: two.
  tolerance: lossTolerance({
    t: (z, y) => Math.sqrt(3) * Math.max(z, 0, Math.abs(z * y), Math.log1p(Math.exp(-Math.abs(z)))),
    slopeT: (z, y) => root2 * Math.max(sigmoid(z), y),
  }),
};
