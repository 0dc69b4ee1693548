import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { cutLog, type LossRule, least, lossReference } from "../common/reference/losses.ts";
import { lossTable } from "../common/samples/losses.ts";
import { lossTolerance, slope, value } from "../common/tolerance/losses.ts";

const rule: LossRule = { term: (p, t) => -t * cutLog(p), da: (p, t) => -t / Math.max(p, least) };

export const op: OpTest = {
  name: "cce_loss",
  exported: "categoricalCrossEntropy",
  call: ([x, y, weight], a) => T.categoricalCrossEntropy(x, y, { ...a, weight }),
  reference: lossReference(rule),
  samples: lossTable({ op: "cce_loss", values: (d, s) => [d.uniform(s, 0.03, 1), d.uniform(s, 0, 1)] }),
  tolerance: lossTolerance({ t: value(rule), slopeU: slope(rule) }),
};
