import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { type LossRule, lossReference, ofDifference } from "../common/reference/losses.ts";
import { row } from "../common/sample.ts";
import { differing, lossTable, meanOf } from "../common/samples/losses.ts";
import { lossTolerance, relative } from "../common/tolerance/losses.ts";

const rule: LossRule = ofDifference(Math.abs, Math.sign);

export const op: OpTest = {
  name: "l1_loss",
  call: ([x, y, weight], a) => T.l1Loss(x, y, { ...a, weight }),
  reference: lossReference(rule),
  samples: lossTable({
    op: "l1_loss",
    values: differing(),
    rows: [row("l1_loss", "equal entries", (d) => ({ inputs: [d.ties([5, 7]), d.ties([5, 7])], attrs: meanOf }), true)],
  }),
  tolerance: lossTolerance(relative(rule)),
};
