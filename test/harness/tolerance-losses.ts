/**
 * T1 for the pointwise losses: each term's own parts, then the sum over K terms by the largest of their errors times sqrt(K). A
 * difference of two float32 numbers is one rounding, so that squares and absolute values of it are good to u of themselves.
 */
import { lossPlan, lossRules } from "../reference/losses.ts";
import { type Attrs, numberOf } from "../reference/ref.ts";
import { sigmoid } from "../reference/unary.ts";
import type { GradSituation, Situation, ToleranceRule } from "./tolerance.ts";

type Size = (a: number, b: number, attrs: Attrs) => number;
interface Errors {
  /** Error of the term, in parts of u, and in parts of t: the square root of the count of its parts, times the largest. */
  readonly u?: Size;
  readonly t?: Size;
  readonly slopeU?: Size;
  readonly slopeT?: Size;
}

const value =
  (op: string): Size =>
  (a, b, attrs) =>
    Math.abs(lossRules[op].term(a, b, attrs));
const slope =
  (op: string): Size =>
  (a, b, attrs) =>
    Math.abs(lossRules[op].da(a, b, attrs));
/** Products and quotients of the difference: relative. */
const relative = (op: string): Errors => ({ u: value(op), slopeU: slope(op) });
const clippedLog = (p: number): number => Math.min(100, Math.abs(Math.log(p)));
const root2 = Math.SQRT2;

export const lossErrors: Readonly<Record<string, Errors>> = {
  mse_loss: relative("mse_loss"),
  l1_loss: relative("l1_loss"),
  half_sse: relative("half_sse"),
  // In the linear part |d| and beta / 2 (or delta of each): two terms, the first the larger.
  smooth_l1: {
    u: (a, b, attrs) =>
      Math.abs(a - b) < numberOf(attrs, "beta") ? value("smooth_l1")(a, b, attrs) : root2 * Math.abs(a - b),
    slopeU: slope("smooth_l1"),
  },
  huber_loss: {
    u: (a, b, attrs) => {
      const delta = numberOf(attrs, "delta");
      return Math.abs(a - b) < delta ? value("huber_loss")(a, b, attrs) : root2 * delta * Math.abs(a - b);
    },
    slopeU: slope("huber_loss"),
  },
  // The logarithm; beyond the width |d|, w and w ln(1 + w / c): three terms.
  wing_loss: {
    t: (a, b, attrs) => {
      const [w, c] = [numberOf(attrs, "width"), numberOf(attrs, "curvature")];
      if (Math.abs(a - b) < w) return value("wing_loss")(a, b, attrs);
      return Math.sqrt(3) * Math.max(Math.abs(a - b), w, w * Math.log1p(w / c));
    },
    slopeU: slope("wing_loss"),
  },
  elastic_loss: relative("elastic_loss"),
  robust_loss: { t: value("robust_loss"), slopeT: slope("robust_loss") },
  // Two products with logarithms; the slope is a quotient whose numerator is one difference.
  bce_loss: {
    t: (p, y) => root2 * Math.max(y * clippedLog(p), (1 - y) * clippedLog(1 - p)),
    slopeU: slope("bce_loss"),
  },
  // max(z, 0), z y and log(1 + exp(-|z|)): three terms; sigmoid(z) - y: two.
  bce_with_logits: {
    t: (z, y) => Math.sqrt(3) * Math.max(z, 0, Math.abs(z * y), Math.log1p(Math.exp(-Math.abs(z)))),
    slopeT: (z, y) => root2 * Math.max(sigmoid(z), y),
  },
  cce_loss: { t: value("cce_loss"), slopeU: slope("cce_loss") },
  // t ln t and t l: two terms.
  kl_div: {
    t: (l, y) => root2 * Math.max(y === 0 ? 0 : Math.abs(y * Math.log(y)), Math.abs(y * l)),
    slopeU: slope("kl_div"),
  },
  // Two products with logarithms, which cancel in part; where p and q are alike the series has no such loss.
  js_divergence: {
    t: (p, q) => {
      const r = Math.abs(p - q) / (p + q);
      const parts = [p, q].map((v) => (v === 0 ? 0 : Math.abs((v / 2) * Math.log((2 * v) / (p + q)))));
      return r < 0.25 ? value("js_divergence")(p, q, {}) : root2 * Math.max(...parts);
    },
  },
};

const at = (s: Situation, size: Size | undefined, i: number): number =>
  size ? size(s.inputs[0].data[i], s.inputs[1].data[i], s.attrs) : 0;

const rule = (op: string): ToleranceRule => {
  const { u, t, slopeU, slopeT } = lossErrors[op];
  return {
    forward(s) {
      const { weights, place, length } = lossPlan(s.inputs, s.attrs);
      const out = new Float64Array(s.want.data.length);
      for (let i = 0; i < weights.length; i++) {
        if (weights[i] === 0) continue;
        const error = Math.abs(weights[i]) * (s.u * at(s, u, i) + s.t * at(s, t, i));
        out[place(i)] = Math.max(out[place(i)], Math.sqrt(length) * error);
      }
      return out;
    },
    grad(s: GradSituation) {
      const { weights, place } = lossPlan(s.inputs, s.attrs);
      // But for js_divergence the slopes of a and b are the same.
      return weights.map((w, i) => {
        const g = Math.abs(w * s.gradOut.data[place(i)]);
        if (g === 0) return 0;
        if (op === "js_divergence") return s.t * Math.abs(s.want.data[i]); // a logarithm: relative
        return g * (s.u * at(s, slopeU, i) + s.t * at(s, slopeT, i));
      });
    },
  };
};

export const lossToleranceRules: Readonly<Record<string, ToleranceRule>> = Object.fromEntries(
  Object.keys(lossErrors).map((op) => [op, rule(op)]),
);
