import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { type LossRule, lossReference, ofDifference } from "../common/reference/losses.ts";
import { lossTable } from "../common/samples/losses.ts";
import { lossTolerance, relative } from "../common/tolerance/losses.ts";

const rule: LossRule = ofDifference(
  (d) => (d * d) / 2,
  (d) => d,
);

export const op: OpTest = {
  name: "half_sse",
  exported: "halfSquaredErrorLoss",
  call: ([x, y, weight], a) => T.halfSquaredErrorLoss(x, y, { ...a, weight }),
  reference: lossReference(rule),
  samples: lossTable({ op: "half_sse", values: (d, s) => [d.uniform(s), d.uniform(s)] }),
  tolerance: lossTolerance(relative(rule)),
};
