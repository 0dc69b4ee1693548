/**
 * Losses that are sums of terms f(prediction, target). attrs { reduction: "mean" | "sum" | "batchmean" | "none", keep } and
 * the loss's own numbers; inputs [prediction, target] or [prediction, target, weight], the weight broadcast and a constant.
 */
import { type Attrs, broadcastMap, numberOf, numberOr, type Ref, type Reference, sizeOf, zeros } from "./ref.ts";
import { sigmoid } from "./unary.ts";

export interface LossRule {
  term(a: number, b: number, attrs: Attrs): number;
  da(a: number, b: number, attrs: Attrs): number;
  /** Absent: the target is a constant. */
  db?(a: number, b: number, attrs: Attrs): number;
}

type OfDifference = (d: number, attrs: Attrs) => number;
const ofDifference = (term: OfDifference, slope: OfDifference): LossRule => ({
  term: (a, b, attrs) => term(a - b, attrs),
  da: (a, b, attrs) => slope(a - b, attrs),
  db: (a, b, attrs) => -slope(a - b, attrs),
});

const robust: LossRule = ofDifference(
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

const wing: LossRule = ofDifference(
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

const cutLog = (p: number): number => Math.max(Math.log(p), -100);
const xLogRatio = (x: number, y: number): number => (x === 0 ? 0 : x * Math.log(x / y));
/** PyTorch's slope of binary cross-entropy keeps p (1 - p) from 0. */
const least = 1e-12;

export const lossRules: Readonly<Record<string, LossRule>> = {
  mse_loss: ofDifference(
    (d) => d * d,
    (d) => 2 * d,
  ),
  l1_loss: ofDifference(Math.abs, Math.sign),
  half_sse: ofDifference(
    (d) => (d * d) / 2,
    (d) => d,
  ),
  smooth_l1: ofDifference(
    (d, attrs) => {
      const beta = numberOf(attrs, "beta");
      return Math.abs(d) < beta ? (d * d) / (2 * beta) : Math.abs(d) - beta / 2;
    },
    (d, attrs) => (Math.abs(d) < numberOf(attrs, "beta") ? d / numberOf(attrs, "beta") : Math.sign(d)),
  ),
  huber_loss: ofDifference(
    (d, attrs) => {
      const delta = numberOf(attrs, "delta");
      return Math.abs(d) < delta ? (d * d) / 2 : delta * (Math.abs(d) - delta / 2);
    },
    (d, attrs) => (Math.abs(d) < numberOf(attrs, "delta") ? d : numberOf(attrs, "delta") * Math.sign(d)),
  ),
  wing_loss: wing,
  elastic_loss: ofDifference(
    (d, attrs) => numberOf(attrs, "mix") * d * d + (1 - numberOf(attrs, "mix")) * Math.abs(d),
    (d, attrs) => 2 * numberOf(attrs, "mix") * d + (1 - numberOf(attrs, "mix")) * Math.sign(d),
  ),
  robust_loss: robust,
  bce_loss: {
    term: (p, t) => -(t * cutLog(p) + (1 - t) * Math.max(Math.log1p(-p), -100)),
    da: (p, t) => (p - t) / Math.max(p * (1 - p), least),
  },
  // The form that does not overflow: max(z, 0) - z y + log(1 + exp(-|z|)).
  bce_with_logits: {
    term: (z, y) => Math.max(z, 0) - z * y + Math.log1p(Math.exp(-Math.abs(z))),
    da: (z, y) => sigmoid(z) - y,
  },
  cce_loss: { term: (p, t) => -t * cutLog(p), da: (p, t) => -t / Math.max(p, least) },
  kl_div: { term: (l, t) => (t === 0 ? 0 : t * Math.log(t)) - t * l, da: (_, t) => -t },
  js_divergence: {
    // By r = (p - q) / (p + q) where the two parts would cancel.
    term(p, q) {
      const r = (p - q) / (p + q);
      if (Math.abs(r) < 0.5) return ((p + q) / 4) * (Math.log1p(-r * r) + 2 * r * Math.atanh(r));
      return (xLogRatio(p, (p + q) / 2) + xLogRatio(q, (p + q) / 2)) / 2;
    },
    da: (p, q) => Math.log((2 * p) / (p + q)) / 2,
    db: (p, q) => Math.log((2 * q) / (p + q)) / 2,
  },
};

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

const reference = (op: string): Reference => {
  const { term, da, db } = lossRules[op];
  return {
    op,
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

export const pointwiseLossReferences: readonly Reference[] = Object.keys(lossRules).map(reference);
