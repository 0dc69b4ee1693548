import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { type LossRule, lossReference } from "../common/reference/losses.ts";
import { row } from "../common/sample.ts";
import { lossTable } from "../common/samples/losses.ts";
import { lossTolerance, value } from "../common/tolerance/losses.ts";

const root2 = Math.SQRT2;

const xLogRatio = (x: number, y: number): number => (x === 0 ? 0 : x * Math.log(x / y));

const rule: LossRule = {
  // By r = (p - q) / (p + q) where the two parts would cancel.
  term(p, q) {
    const r = (p - q) / (p + q);
    if (Math.abs(r) < 0.5) return ((p + q) / 4) * (Math.log1p(-r * r) + 2 * r * Math.atanh(r));
    return (xLogRatio(p, (p + q) / 2) + xLogRatio(q, (p + q) / 2)) / 2;
  },
  da: (p, q) => Math.log((2 * p) / (p + q)) / 2,
  db: (p, q) => Math.log((2 * q) / (p + q)) / 2,
};

export const op: OpTest = {
  name: "js_divergence",
  exported: "jsDiv",
  call: ([x, y, weight], a) => T.jsDiv(x, y, { ...a, weight }),
  reference: lossReference(rule),
  samples: lossTable({
    op: "js_divergence",
    values: (d, s) => [d.uniform(s, 0.02, 1), d.uniform(s, 0.02, 1)],
    rows: [
      row("js_divergence", "small and alike", (d) => {
        const p = d.uniform([7, 11], 1e-3, 0.1);
        return {
          inputs: [p, d.fill([7, 11], (r, i) => p.data[i] * r.uniform(0.8, 1.2))],
          attrs: { reduction: "sum", keep: 0 },
        };
      }),
    ],
  }),
  // Two products with logarithms, which cancel in part; where p and q are alike the series has no such loss.
  tolerance: lossTolerance({
    t: (p, q) => {
      const r = Math.abs(p - q) / (p + q);
      const parts = [p, q].map((v) => (v === 0 ? 0 : Math.abs((v / 2) * Math.log((2 * v) / (p + q)))));
      return r < 0.25 ? value(rule)(p, q, {}) : root2 * Math.max(...parts);
    },
    slopeRelative: true,
  }),
};
