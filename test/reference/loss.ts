/** Losses. attrs { reduction: "mean" | "sum" | "none" } for the first two; targets are constants except in mse_loss. */
import { softmaxParts } from "./norm.ts";
import { type Attrs, type Ref, type Reference, ref, zeros } from "./ref.ts";
import { sigmoid } from "./unary.ts";

function reduced(shape: readonly number[], terms: Float64Array, attrs: Attrs): Ref {
  if (attrs.reduction === "none") return { shape, data: terms };
  const sum = terms.reduce((a, b) => a + b, 0);
  return ref([], [attrs.reduction === "mean" ? sum / terms.length : sum]);
}

/** What the gradient of term i is multiplied by. */
export const termWeight = (attrs: Attrs, count: number, gradOut: Ref, i: number): number =>
  attrs.reduction === "none" ? gradOut.data[i] : attrs.reduction === "mean" ? gradOut.data[0] / count : gradOut.data[0];

const mse: Reference = {
  op: "mse_loss",
  forward: ([a, b], attrs) =>
    reduced(
      a.shape,
      a.data.map((v, i) => (v - b.data[i]) ** 2),
      attrs,
    ),
  backward([a, b], attrs, gradOut) {
    const ga = zeros(a.shape);
    const gb = zeros(b.shape);
    for (let i = 0; i < a.data.length; i++) {
      ga.data[i] = 2 * (a.data[i] - b.data[i]) * termWeight(attrs, a.data.length, gradOut, i);
      gb.data[i] = -ga.data[i];
    }
    return [ga, gb];
  },
};

/** Cross-entropy of sigmoid(z) against y in [0, 1], in the form that does not overflow: max(z, 0) - z y + log(1 + exp(-|z|)). */
const bce: Reference = {
  op: "bce_with_logits",
  forward([z, y], attrs) {
    const terms = z.data.map((v, i) => Math.max(v, 0) - v * y.data[i] + Math.log1p(Math.exp(-Math.abs(v))));
    return reduced(z.shape, terms, attrs);
  },
  backward([z, y], attrs, gradOut) {
    const gz = zeros(z.shape);
    for (let i = 0; i < z.data.length; i++)
      gz.data[i] = (sigmoid(z.data[i]) - y.data[i]) * termWeight(attrs, z.data.length, gradOut, i);
    return [gz, null];
  },
};

/** logits and targets [N, K, H, W], each target map summing to 1: mean over N*K of -sum over H*W of target * log_softmax(logits). */
const spatialCrossEntropy: Reference = {
  op: "spatial_softmax_ce",
  forward([z, y]) {
    const { log } = softmaxParts(z, [2, 3]);
    let sum = 0;
    for (let i = 0; i < log.length; i++) sum -= y.data[i] * log[i];
    return ref([], [sum / (z.shape[0] * z.shape[1])]);
  },
  backward([z, y], _attrs, gradOut) {
    const { p, group, total } = softmaxParts(z, [2, 3]);
    const mass = new Float64Array(total.length);
    for (let i = 0; i < p.length; i++) mass[group[i]] += y.data[i];
    const gz = zeros(z.shape);
    for (let i = 0; i < p.length; i++)
      gz.data[i] = ((p[i] * mass[group[i]] - y.data[i]) * gradOut.data[0]) / mass.length;
    return [gz, null];
  },
};

export const lossReferences: readonly Reference[] = [mse, bce, spatialCrossEntropy];
