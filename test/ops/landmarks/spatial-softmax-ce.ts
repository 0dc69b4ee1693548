import * as L from "../../../src/landmarks/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { type Ref, type Reference, ref, zeros } from "../common/ref.ts";
import { groupSums, softmaxParts } from "../common/reference/norm.ts";
import { type Draws, refused, row, type SampleTable, show } from "../common/sample.ts";
import { mapShapes } from "../common/samples/maps.ts";
import { logErrors } from "../common/tolerance/soft.ts";
import type { ToleranceRule } from "../common/tolerance.ts";

type Shape = readonly number[];

/** logits and targets [N, K, H, W], each target map summing to 1: mean over N*K of -sum over H*W of target * log_softmax(logits). */
const reference: Reference = {
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

const tolerance: ToleranceRule = {
  // Each log-softmax's error weighted by its target, and the rounding of the sum of all products.
  forward({ inputs: [z, y], u, t }) {
    const maps = z.shape[0] * z.shape[1];
    const { log } = softmaxParts(z, [2, 3]);
    const weighted = logErrors(z, [2, 3], t).reduce((sum, e, i) => sum + e * Math.abs(y.data[i]), 0);
    const top = log.reduce((m, v, i) => Math.max(m, Math.abs(v * y.data[i])), 0);
    return (weighted + u * Math.sqrt(log.length) * top) / maps;
  },
  // p * (sum of targets) - target: two terms, with p's three steps.
  grad({ inputs: [z, y], gradOut, t }) {
    const { p, group, total } = softmaxParts(z, [2, 3]);
    const mass = groupSums(y.data, group, total.length);
    const g = Math.abs(gradOut.data[0]) / total.length;
    return p.map((v, i) => 3 * Math.SQRT2 * t * g * Math.max(v * mass[group[i]], y.data[i]));
  },
};

const normalized = (d: Draws, shape: Shape): Ref => {
  const y = d.uniform(shape, 0, 1);
  const area = shape[2] * shape[3];
  const sums = new Float64Array(shape[0] * shape[1]);
  y.data.forEach((v, i) => {
    sums[Math.floor(i / area)] += v;
  });
  return { shape, data: y.data.map((v, i) => Math.fround(v / sums[Math.floor(i / area)])) };
};

const samples: SampleTable = {
  rows: mapShapes
    .filter((shape) => shape[0] > 0)
    .map((shape) =>
      row("spatial_softmax_ce", show(shape), (d) => ({
        inputs: [d.uniform(shape, -3, 3), normalized(d, shape)],
        attrs: {},
      })),
    ),
  errors: [
    refused(
      "shapes differ",
      [
        [1, 2, 4, 4],
        [1, 2, 4, 5],
      ],
      {},
      "spatial_softmax_ce",
      "4",
      "5",
    ),
  ],
};

export const op: OpTest = {
  name: "spatial_softmax_ce",
  exported: "spatialSoftmaxCrossEntropy",
  call: ([x, y]) => L.spatialSoftmaxCrossEntropy(x, y),
  reference,
  samples,
  tolerance,
};
