import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { type LossRule, lossReference, ofDifference } from "../common/reference/losses.ts";
import { lossTable } from "../common/samples/losses.ts";
import { lossTolerance, relative } from "../common/tolerance/losses.ts";

const rule: LossRule = ofDifference(
  (d) => d * d,
  (d) => 2 * d,
);

export const op: OpTest = {
  name: "mse_loss",
  call: ([x, y, weight], a) => T.mseLoss(x, y, { ...a, weight }),
  reference: lossReference(rule),
  samples: lossTable({ op: "mse_loss", values: (d, s) => [d.uniform(s), d.uniform(s)] }),
  tolerance: lossTolerance(relative(rule)),
};
