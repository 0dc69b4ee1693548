import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { numberOf } from "../common/ref.ts";
import { type LossRule, lossReference, ofDifference } from "../common/reference/losses.ts";
import { row } from "../common/sample.ts";
import { configured, differing, lossTable, meanOf, pair } from "../common/samples/losses.ts";
import { lossTolerance, slope, value } from "../common/tolerance/losses.ts";

const rule: LossRule = ofDifference(
  (d, attrs) => {
    const alpha = numberOf(attrs, "alpha");
    const x2 = (d / numberOf(attrs, "scale")) ** 2;
    if (alpha === 2) return x2 / 2;
    if (alpha === 0) return Math.log1p(x2 / 2);
    const b = Math.abs(alpha - 2);
    return (b / alpha) * Math.expm1((alpha / 2) * Math.log1p(x2 / b)); // ((x^2 / b + 1)^(alpha / 2) - 1) b / alpha
  },
  (d, attrs) => {
    const alpha = numberOf(attrs, "alpha");
    const c = numberOf(attrs, "scale");
    if (alpha === 2) return d / c ** 2;
    return (d / c ** 2) * ((d / c) ** 2 / Math.abs(alpha - 2) + 1) ** (alpha / 2 - 1);
  },
);

export const op: OpTest = {
  name: "robust_loss",
  call: ([x, y, weight], a) => T.robustLoss(x, y, { ...a, weight }),
  reference: lossReference(rule),
  samples: lossTable({
    op: "robust_loss",
    values: differing(),
    options: [
      { alpha: 1, scale: 0.5 },
      { alpha: 0, scale: 0.25 },
      { alpha: 2, scale: 2 },
      { alpha: 1.5, scale: 4 },
      { alpha: 0.25, scale: 1 },
    ],
    rows: [
      row("robust_loss", "errors far below the scale", (d) => ({
        inputs: pair(d, [61], [], 2),
        attrs: { ...meanOf, alpha: 1, scale: 1024 },
      })),
    ],
    errors: [
      configured("alpha of 3", { ...meanOf, alpha: 3, scale: 1 }, "robustLoss: alpha is 3; give a number from 0 to 2"),
      configured("no scale", { ...meanOf, alpha: 1, scale: 0 }, "robustLoss: scale is 0"),
    ],
  }),
  tolerance: lossTolerance({ t: value(rule), slopeT: slope(rule) }),
};
