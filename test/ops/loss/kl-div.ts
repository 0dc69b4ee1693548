import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { type LossRule, lossReference } from "../common/reference/losses.ts";
import { row } from "../common/sample.ts";
import { lossTable, meanOf } from "../common/samples/losses.ts";
import { lossTolerance, slope } from "../common/tolerance/losses.ts";

const root2 = Math.SQRT2;

const rule: LossRule = { term: (l, t) => (t === 0 ? 0 : t * Math.log(t)) - t * l, da: (_, t) => -t };

export const op: OpTest = {
  name: "kl_div",
  call: ([x, y, weight], a) => T.klDiv(x, y, { ...a, weight }),
  reference: lossReference(rule),
  samples: lossTable({
    op: "kl_div",
    values: (d, s) => [d.uniform(s, -6, -0.05), d.uniform(s, 0, 1)],
    rows: [
      row("kl_div", "targets of 0", (d) => ({
        inputs: [d.uniform([3, 5], -6, -1), d.zerosAndOnes([3, 5], 0.4)],
        attrs: meanOf,
      })),
    ],
  }),
  // t ln t and t l: two terms.
  tolerance: lossTolerance({
    t: (l, y) => root2 * Math.max(y === 0 ? 0 : Math.abs(y * Math.log(y)), Math.abs(y * l)),
    slopeU: slope(rule),
  }),
};
