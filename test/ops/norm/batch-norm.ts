import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { type Attrs, numberOf, type Ref, type Reference, zeros } from "../common/ref.ts";
import { groupsOf, meansOf } from "../common/reference/reduce.ts";
import { type Draws, refused, row, type SampleTable, show } from "../common/sample.ts";
import { groupPeaks } from "../common/tolerance/sums.ts";
import type { Situation, ToleranceRule } from "../common/tolerance.ts";

/** Statistics of each channel (axis 1) as batch norm uses them: those of the batch in training, else the running ones. */
export function channelStatistics(inputs: readonly Ref[], attrs: Attrs) {
  const [x, , , runningMean, runningVar] = inputs;
  const others = x.shape.map((_, axis) => axis).filter((axis) => axis !== 1);
  const groups = groupsOf(x.shape, others, false);
  const { group, length } = groups;
  if (attrs.training !== true) return { group, length, mean: runningMean.data, variance: runningVar.data };
  const mean = meansOf(x.data, groups);
  const variance = meansOf(
    x.data.map((v, i) => (v - mean[group[i]]) ** 2),
    groups,
  );
  return { group, length, mean, variance };
}

/**
 * x [N, C, ...], weight, bias, running_mean, running_var [C] -> (x - mean) / sqrt(variance + eps) * weight + bias. attrs
 * { training, eps }. In training the statistics are the batch's (biased variance) and the gradient flows through them.
 */
const reference: Reference = {
  forward(inputs, attrs) {
    const [x, weight, bias] = inputs;
    const { group, mean, variance } = channelStatistics(inputs, attrs);
    const eps = numberOf(attrs, "eps");
    const out = zeros(x.shape);
    for (let i = 0; i < x.data.length; i++) {
      const c = group[i];
      out.data[i] = ((x.data[i] - mean[c]) / Math.sqrt(variance[c] + eps)) * weight.data[c] + bias.data[c];
    }
    return out;
  },
  backward(inputs, attrs, gradOut) {
    const [x, weight, bias] = inputs;
    const { group, length, mean, variance } = channelStatistics(inputs, attrs);
    const scale = variance.map((v) => 1 / Math.sqrt(v + numberOf(attrs, "eps")));
    const gx = zeros(x.shape);
    const gw = zeros(weight.shape);
    const gb = zeros(bias.shape);
    const normal = x.data.map((v, i) => (v - mean[group[i]]) * scale[group[i]]);
    for (let i = 0; i < x.data.length; i++) {
      gw.data[group[i]] += gradOut.data[i] * normal[i];
      gb.data[group[i]] += gradOut.data[i];
    }
    for (let i = 0; i < x.data.length; i++) {
      const c = group[i];
      const through = attrs.training === true ? (gb.data[c] + normal[i] * gw.data[c]) / length : 0;
      gx.data[i] = weight.data[c] * scale[c] * (gradOut.data[i] - through);
    }
    return [gx, gw, gb, null, null];
  },
};

/** What the rules of batch norm need of each channel. */
function channels({ inputs, attrs, u }: Situation) {
  const [x] = inputs;
  const { group, length, mean, variance } = channelStatistics(inputs, attrs);
  const training = attrs.training === true;
  const inverse = variance.map((v) => 1 / Math.sqrt(v + numberOf(attrs, "eps")));
  const largest = groupPeaks(x.data, group, mean.length).map((m, c) => Math.max(m, Math.abs(mean[c])));
  const deviation = groupPeaks(
    x.data.map((v, i) => v - mean[group[i]]),
    group,
    mean.length,
  );
  // The variance is a sum of K squares over K; half of its relative error goes into 1 / sqrt.
  const ofVariance = deviation.map((d, c) =>
    training ? (0.5 * u * Math.sqrt(length) * (d * inverse[c]) ** 2) / length : 0,
  );
  return { group, length, mean, training, inverse, largest, deviation, ofVariance };
}

const tolerance: ToleranceRule = {
  // x s - mean s + bias, s = weight / sqrt(var + eps): three terms; then the errors of s and, in training, of the mean.
  forward(situation) {
    const [x, weight, bias] = situation.inputs;
    const { u } = situation;
    const { group, length, mean, training, inverse, largest, ofVariance } = channels(situation);
    return x.data.map((v, i) => {
      const c = group[i];
      const s = Math.abs(weight.data[c]) * inverse[c];
      const terms = Math.sqrt(3) * Math.max(Math.abs(v) * s, Math.abs(mean[c]) * s, Math.abs(bias.data[c]));
      const ofMean = training ? (s * largest[c]) / Math.sqrt(length) : 0;
      return u * (terms + ofMean) + Math.abs(v - mean[c]) * s * (u + ofVariance[c]);
    });
  },
  // bias: a sum of K gradients. weight: of K products with the normalized x, itself a difference of terms up to max|x| s.
  // x: s (g - mean(g) - n mean(g n)), three terms up to G max(1, n^2), and n's own error in both of its places.
  grad(situation) {
    const { u, input, gradOut, want, inputs } = situation;
    const { group, length, training, inverse, largest, deviation, ofVariance } = channels(situation);
    const g = groupPeaks(gradOut.data, group, inverse.length);
    const sum = (c: number) => u * Math.sqrt(length) * g[c];
    if (input === 2) return want.data.map((_, c) => sum(c));
    if (input === 1)
      return want.data.map(
        (v, c) => sum(c) * Math.max(deviation[c], largest[c]) * inverse[c] + ofVariance[c] * Math.abs(v),
      );
    return want.data.map((v, i) => {
      const c = group[i];
      if (!training) return 2 * u * Math.abs(v);
      const n = deviation[c] * inverse[c];
      const terms = Math.sqrt(3) * Math.max(1, n * n) + 2 * n * largest[c] * inverse[c];
      return u * Math.abs(inputs[1].data[c]) * inverse[c] * g[c] * terms + ofVariance[c] * Math.abs(v);
    });
  },
};

const normShapes: readonly (readonly number[])[] = [
  [2, 1],
  [3, 5],
  [17, 7],
  [2, 3, 5],
  [1, 4, 13],
  [1, 1, 2, 3],
  [2, 3, 4, 5],
  [1, 5, 7, 11],
  [3, 1, 13, 2],
  [2, 17, 1, 3],
  [4, 8, 8, 8],
  [1, 3, 31, 37],
  [2, 2, 67, 61],
];

const normInputs = (d: Draws, shape: readonly number[], low = -2, high = 2) => {
  const c = [shape[1]];
  return [d.uniform(shape, low, high), d.uniform(c, 0.5, 2), d.uniform(c), d.uniform(c), d.uniform(c, 0.3, 3)];
};

const samples: SampleTable = {
  rows: [
    ...[true, false].flatMap((training) =>
      normShapes.map((shape) => {
        const attrs = { training, eps: Math.fround(shape.length === 4 ? 1e-5 : 1e-3) };
        return row("batch_norm", `${show(shape)} ${training ? "training" : "evaluation"}`, (d) => ({
          inputs: normInputs(d, shape),
          attrs,
        }));
      }),
    ),
    row("batch_norm", "far from 0", (d) => ({
      inputs: normInputs(d, [2, 3, 7, 5], 49, 51),
      attrs: { training: true, eps: Math.fround(1e-5) },
    })),
    row("batch_norm", "no images", (d) => ({
      inputs: normInputs(d, [0, 3, 2, 2]),
      attrs: { training: false, eps: Math.fround(1e-5) },
    })),
  ],
  errors: [
    refused(
      "weight of another size",
      [[2, 3, 4, 5], [4], [3], [3], [3]],
      { training: true, eps: 1e-5 },
      "batch_norm",
      "3",
      "4",
    ),
    refused(
      "running_var of another size",
      [[2, 3, 4, 5], [3], [3], [3], [5]],
      { training: false, eps: 1e-5 },
      "batch_norm",
      "3",
      "5",
    ),
    refused(
      "one value a channel",
      [[1, 3, 1, 1], [3], [3], [3], [3]],
      { training: true, eps: 1e-5 },
      "batch_norm",
      "1",
    ),
  ],
};

export const op: OpTest = {
  name: "batch_norm",
  call: ([x, w, b, m, v], a) =>
    T.batchNorm(x, {
      weight: w,
      bias: b,
      runningMean: m,
      runningVar: v,
      training: a.training,
      eps: a.eps,
      momentum: 0.1,
    }),
  reference,
  samples,
  tolerance,
};
