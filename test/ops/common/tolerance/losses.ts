/**
 * T1 for the pointwise losses: each term's own parts, then the sum over K terms by the largest of their errors times sqrt(K). A
 * difference of two float32 numbers is one rounding, so that squares and absolute values of it are good to u of themselves.
 */
import type { Attrs } from "../ref.ts";
import { type LossRule, lossPlan } from "../reference/losses.ts";
import type { GradSituation, Situation, ToleranceRule } from "../tolerance.ts";

type Size = (a: number, b: number, attrs: Attrs) => number;

interface Errors {
  /** Error of the term, in parts of u, and in parts of t: the square root of the count of its parts, times the largest. */
  readonly u?: Size;
  readonly t?: Size;
  readonly slopeU?: Size;
  readonly slopeT?: Size;
  /** The slope is a logarithm: t of itself, for a and for b. */
  readonly slopeRelative?: true;
}

export const value =
  (rule: LossRule): Size =>
  (a, b, attrs) =>
    Math.abs(rule.term(a, b, attrs));

export const slope =
  (rule: LossRule): Size =>
  (a, b, attrs) =>
    Math.abs(rule.da(a, b, attrs));

/** Products and quotients of the difference: relative. */
export const relative = (rule: LossRule): Errors => ({ u: value(rule), slopeU: slope(rule) });

const at = (s: Situation, size: Size | undefined, i: number): number =>
  size ? size(s.inputs[0].data[i], s.inputs[1].data[i], s.attrs) : 0;

export const lossTolerance = ({ u, t, slopeU, slopeT, slopeRelative }: Errors): ToleranceRule => {
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
      // Else the slopes of a and b are the same.
      return weights.map((w, i) => {
        const g = Math.abs(w * s.gradOut.data[place(i)]);
        if (g === 0) return 0;
        if (slopeRelative) return s.t * Math.abs(s.want.data[i]);
        return g * (s.u * at(s, slopeU, i) + s.t * at(s, slopeT, i));
      });
    },
  };
};
