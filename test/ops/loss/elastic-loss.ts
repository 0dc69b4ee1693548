import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { numberOf } from "../common/ref.ts";
import { type LossRule, lossReference, ofDifference } from "../common/reference/losses.ts";
import { configured, differing, lossTable, meanOf } from "../common/samples/losses.ts";
import { lossTolerance, relative } from "../common/tolerance/losses.ts";

const rule: LossRule = ofDifference(
  (d, attrs) => numberOf(attrs, "mix") * d * d + (1 - numberOf(attrs, "mix")) * Math.abs(d),
  (d, attrs) => 2 * numberOf(attrs, "mix") * d + (1 - numberOf(attrs, "mix")) * Math.sign(d),
);

export const op: OpTest = {
  name: "elastic_loss",
  call: ([x, y, weight], a) => T.elasticLoss(x, y, { ...a, weight }),
  reference: lossReference(rule),
  samples: lossTable({
    op: "elastic_loss",
    values: differing(),
    options: [{ mix: 0.5 }, { mix: 0 }, { mix: 1 }, { mix: 0.125 }],
    errors: [configured("mix of 2", { ...meanOf, mix: 2 }, "elasticLoss: mix is 2; give a number from 0 to 1")],
  }),
  tolerance: lossTolerance(relative(rule)),
};
