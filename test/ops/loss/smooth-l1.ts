import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { numberOf } from "../common/ref.ts";
import { type LossRule, lossReference, ofDifference } from "../common/reference/losses.ts";
import { configured, differing, lossTable, meanOf } from "../common/samples/losses.ts";
import { lossTolerance, slope, value } from "../common/tolerance/losses.ts";

const root2 = Math.SQRT2;

const rule: LossRule = ofDifference(
  (d, attrs) => {
    const beta = numberOf(attrs, "beta");
    return Math.abs(d) < beta ? (d * d) / (2 * beta) : Math.abs(d) - beta / 2;
  },
  (d, attrs) => (Math.abs(d) < numberOf(attrs, "beta") ? d / numberOf(attrs, "beta") : Math.sign(d)),
);

export const op: OpTest = {
  name: "smooth_l1",
  exported: "smoothL1Loss",
  call: ([x, y, weight], a) => T.smoothL1Loss(x, y, { ...a, weight }),
  reference: lossReference(rule),
  samples: lossTable({
    op: "smooth_l1",
    values: differing("beta"),
    options: [{ beta: 1 }, { beta: 0.25 }, { beta: 0 }, { beta: 2.5 }],
    errors: [
      configured("negative beta", { ...meanOf, beta: -1 }, "smoothL1Loss: beta is -1; give a number of at least 0"),
    ],
  }),
  // In the linear part |d| and beta / 2 (or delta of each): two terms, the first the larger.
  tolerance: lossTolerance({
    u: (a, b, attrs) =>
      Math.abs(a - b) < numberOf(attrs, "beta") ? value(rule)(a, b, attrs) : root2 * Math.abs(a - b),
    slopeU: slope(rule),
  }),
};
