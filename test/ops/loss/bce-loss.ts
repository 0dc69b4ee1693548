import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { cutLog, type LossRule, least, lossReference } from "../common/reference/losses.ts";
import { row } from "../common/sample.ts";
import { lossTable } from "../common/samples/losses.ts";
import { lossTolerance, slope } from "../common/tolerance/losses.ts";

const root2 = Math.SQRT2;

const rule: LossRule = {
  term: (p, t) => -(t * cutLog(p) + (1 - t) * Math.max(Math.log1p(-p), -100)),
  da: (p, t) => (p - t) / Math.max(p * (1 - p), least),
};

const clippedLog = (p: number): number => Math.min(100, Math.abs(Math.log(p)));

export const op: OpTest = {
  name: "bce_loss",
  exported: "binaryCrossEntropy",
  call: ([x, y, weight], a) => T.binaryCrossEntropy(x, y, { ...a, weight }),
  reference: lossReference(rule),
  samples: lossTable({
    op: "bce_loss",
    values: (d, s) => [d.uniform(s, 0.03, 0.97), d.uniform(s, 0, 1)],
    rows: [
      row(
        "bce_loss",
        "sure, rightly or wrongly",
        (d) => ({
          inputs: [d.zerosAndOnes([5, 13], 0.5), d.zerosAndOnes([5, 13], 0.5)],
          attrs: { reduction: "sum", keep: 0 },
        }),
        true,
      ),
    ],
  }),
  // Two products with logarithms; the slope is a quotient whose numerator is one difference.
  tolerance: lossTolerance({
    t: (p, y) => root2 * Math.max(y * clippedLog(p), (1 - y) * clippedLog(1 - p)),
    slopeU: slope(rule),
  }),
};
