import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { numberOf } from "../common/ref.ts";
import { type LossRule, lossReference, ofDifference } from "../common/reference/losses.ts";
import { configured, differing, lossTable, meanOf } from "../common/samples/losses.ts";
import { lossTolerance, slope, value } from "../common/tolerance/losses.ts";

const rule: LossRule = ofDifference(
  (d, attrs) => {
    const [w, c] = [numberOf(attrs, "width"), numberOf(attrs, "curvature")];
    const x = Math.abs(d);
    return x < w ? w * Math.log1p(x / c) : x - (w - w * Math.log1p(w / c));
  },
  (d, attrs) => {
    const [w, c] = [numberOf(attrs, "width"), numberOf(attrs, "curvature")];
    return Math.sign(d) * (Math.abs(d) < w ? w / (c + Math.abs(d)) : 1);
  },
);

export const op: OpTest = {
  name: "wing_loss",
  call: ([x, y, weight], a) => T.wingLoss(x, y, { ...a, weight }),
  reference: lossReference(rule),
  samples: lossTable({
    op: "wing_loss",
    values: differing("width", 4),
    options: [
      { width: 15, curvature: 3 },
      { width: 1.5, curvature: 0.25 },
      { width: 2.5, curvature: 8 },
    ],
    errors: [
      configured("no width", { ...meanOf, width: 0, curvature: 3 }, "wingLoss: width is 0"),
      configured("no curvature", { ...meanOf, width: 15, curvature: -2 }, "wingLoss: curvature is -2"),
    ],
  }),
  // The logarithm; beyond the width |d|, w and w ln(1 + w / c): three terms.
  tolerance: lossTolerance({
    t: (a, b, attrs) => {
      const [w, c] = [numberOf(attrs, "width"), numberOf(attrs, "curvature")];
      if (Math.abs(a - b) < w) return value(rule)(a, b, attrs);
      return Math.sqrt(3) * Math.max(Math.abs(a - b), w, w * Math.log1p(w / c));
    },
    slopeU: slope(rule),
  }),
};
