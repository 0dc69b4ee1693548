import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { numberOf } from "../common/ref.ts";
import { type LossRule, lossReference, ofDifference } from "../common/reference/losses.ts";
import { configured, differing, lossTable, meanOf } from "../common/samples/losses.ts";
import { lossTolerance, slope, value } from "../common/tolerance/losses.ts";

const root2 = Math.SQRT2;

const rule: LossRule = ofDifference(
  (d, attrs) => {
    const delta = numberOf(attrs, "delta");
    return Math.abs(d) < delta ? (d * d) / 2 : delta * (Math.abs(d) - delta / 2);
  },
  (d, attrs) => (Math.abs(d) < numberOf(attrs, "delta") ? d : numberOf(attrs, "delta") * Math.sign(d)),
);

export const op: OpTest = {
  name: "huber_loss",
  call: ([x, y, weight], a) => T.huberLoss(x, y, { ...a, weight }),
  reference: lossReference(rule),
  samples: lossTable({
    op: "huber_loss",
    values: differing("delta"),
    options: [{ delta: 1 }, { delta: 0.25 }, { delta: 2.5 }],
    errors: [configured("delta of 0", { ...meanOf, delta: 0 }, "huberLoss: delta is 0; give a number above 0")],
  }),
  tolerance: lossTolerance({
    u: (a, b, attrs) => {
      const delta = numberOf(attrs, "delta");
      return Math.abs(a - b) < delta ? value(rule)(a, b, attrs) : root2 * delta * Math.abs(a - b);
    },
    slopeU: slope(rule),
  }),
};
