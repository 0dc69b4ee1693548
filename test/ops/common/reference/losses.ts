/**
 * Losses that are sums of terms f(prediction, target). attrs { reduction: "mean" | "sum" | "batchmean" | "none", keep } and
 * the loss's own numbers; inputs [prediction, target] or [prediction, target, weight], the weight broadcast and a constant.
 */
import { type Attrs, broadcastMap, numberOr, type Ref, type Reference, sizeOf, zeros } from "../ref.ts";

export interface LossRule {
  term(a: number, b: number, attrs: Attrs): number;
  da(a: number, b: number, attrs: Attrs): number;
  /** Absent: the target is a constant. */
  db?(a: number, b: number, attrs: Attrs): number;
}

type OfDifference = (d: number, attrs: Attrs) => number;

export const ofDifference = (term: OfDifference, slope: OfDifference): LossRule => ({
  term: (a, b, attrs) => term(a - b, attrs),
  da: (a, b, attrs) => slope(a - b, attrs),
  db: (a, b, attrs) => -slope(a - b, attrs),
});

export const cutLog = (p: number): number => Math.max(Math.log(p), -100);

/** PyTorch's slope of binary cross-entropy keeps p (1 - p) from 0. */
export const least = 1e-12;

/** What each term is multiplied by, and the place in the output it is added to. */
export function lossPlan(inputs: readonly Ref[], attrs: Attrs) {
  const [a, , w] = inputs;
  const keep = numberOr(attrs, "keep", 0);
  const none = attrs.reduction === "none";
  const shape = none ? a.shape : a.shape.slice(0, keep);
  const count = a.data.length;
  const length = none ? 1 : sizeOf(a.shape.slice(keep));
  const at = w && broadcastMap(w.shape, a.shape);
  const weight = Float64Array.from({ length: count }, (_, i) => (w && at ? w.data[at[i]] : 1));
  const mass = new Float64Array(sizeOf(shape));
  for (let i = 0; i < count; i++) mass[Math.floor(i / length)] += weight[i];
  const factor = (i: number): number => {
    if (attrs.reduction === "batchmean") return 1 / a.shape[0];
    if (attrs.reduction !== "mean") return 1;
    const all = w ? mass[Math.floor(i / length)] : length;
    return all === 0 ? 0 : 1 / all;
  };
  const weights = weight.map((v, i) => v * factor(i));
  return { shape, length, weights, place: (i: number): number => Math.floor(i / length) };
}

export const lossReference = ({ term, da, db }: LossRule): Reference => {
  return {
    forward(inputs, attrs) {
      const [a, b] = inputs;
      const { shape, weights, place } = lossPlan(inputs, attrs);
      const out = zeros(shape);
      for (let i = 0; i < a.data.length; i++)
        if (weights[i] !== 0) out.data[place(i)] += weights[i] * term(a.data[i], b.data[i], attrs);
      return out;
    },
    backward(inputs, attrs, gradOut) {
      const [a, b] = inputs;
      const { weights, place } = lossPlan(inputs, attrs);
      const by = (slope: LossRule["da"]): Ref => {
        const out = zeros(a.shape);
        for (let i = 0; i < a.data.length; i++)
          if (weights[i] !== 0) out.data[i] = weights[i] * gradOut.data[place(i)] * slope(a.data[i], b.data[i], attrs);
        return out;
      };
      return [by(da), db ? by(db) : null, ...(inputs[2] ? [null] : [])];
    },
  };
};
