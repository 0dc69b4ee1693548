/** Spatial softmax cross-entropy. Targets are constants. */
import { softmaxParts } from "./norm.ts";
import { type Reference, ref, zeros } from "./ref.ts";

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

export const lossReferences: readonly Reference[] = [spatialCrossEntropy];
