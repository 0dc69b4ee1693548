/** T1 for the ops made of several steps: batch norm, softmax and what is built on it, heat-maps, losses. */
import { gaussians } from "../reference/landmarks.ts";
import { channelStatistics, groupSums, softmaxParts } from "../reference/norm.ts";
import { numberOf, numbersOf, type Ref } from "../reference/ref.ts";
import type { Situation, ToleranceRule } from "./tolerance.ts";
import { groupPeaks, peak } from "./tolerance-sums.ts";

/** An adapter may flush a subnormal probability to 0 before a gradient multiplies it up again: then all of it is missing. */
export const mayBeFlushed = (p: number): boolean => p < 2 * 1.1754944e-38;

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

const batchNormRule: ToleranceRule = {
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
  // bias: a sum of K gradients. weight: of K products with the normalised x, itself a difference of terms up to max|x| s.
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

const partsOf = ({ inputs, attrs }: Situation) => softmaxParts(inputs[0], numbersOf(attrs, "axes"));

const softmaxRule: ToleranceRule = {
  // exp, the sum of exps, the quotient: 3 t of the value.
  forward: ({ want, t }) => want.data.map((p) => 3 * t * p),
  // p (g - sum of g p): two terms up to the group's largest |g|, each with p's error.
  grad(situation) {
    const { group, p, total } = partsOf(situation);
    const g = groupPeaks(situation.gradOut.data, group, total.length);
    return p.map((v, i) => (mayBeFlushed(v) ? 2 : 3 * Math.SQRT2 * situation.t) * v * g[group[i]]);
  },
};

/** Error of each log-softmax: z - max and the log of the sum as two terms; t of the sum is t in its logarithm. */
export function logErrors(z: Ref, axes: readonly number[], t: number): Float64Array {
  const { group, top, total } = softmaxParts(z, axes);
  return z.data.map((v, i) => t * (Math.SQRT2 * Math.max(Math.abs(v - top[group[i]]), Math.log(total[group[i]])) + 1));
}

const logSoftmaxRule: ToleranceRule = {
  forward: ({ inputs: [z], attrs, t }) => logErrors(z, numbersOf(attrs, "axes"), t),
  // g - p S, S the sum of K gradients.
  grad(situation) {
    const { u, t, gradOut } = situation;
    const { group, p, total, length } = partsOf(situation);
    const sums = groupSums(gradOut.data, group, total.length);
    const g = groupPeaks(gradOut.data, group, total.length);
    return p.map((v, i) => {
      const s = Math.abs(sums[group[i]]);
      const terms = Math.SQRT2 * Math.max(Math.abs(gradOut.data[i]), v * s);
      return u * (terms + v * Math.sqrt(length) * g[group[i]]) + 3 * t * v * s;
    });
  },
};

const heatmapRule: ToleranceRule = {
  // exp's own t, and ten roundings of 2^-24 in the exponent; a peak other than 1 is a quotient and a product more.
  forward({ want, t, u, inputs, attrs }) {
    const [h, w] = numbersOf(attrs, "size");
    const { peaks, normal } = gaussians(inputs, attrs);
    return want.data.map((v, i) => {
      const exponent = Math.abs(Math.log(v / peaks[Math.floor(i / (h * w))]));
      return v === 0 ? 0 : Math.abs(v) * (t + 10 * 2 ** -24 * exponent + (normal ? 2 * u : 0));
    });
  },
  // Sums over the map of g * (value * distance / sigma^2), and over all maps of a sigma of g * value * (r^2 / sigma^3 + 2 / sigma).
  grad({ inputs, attrs, gradOut, value, t, want, input }) {
    const [points] = inputs;
    const [h, w] = numbersOf(attrs, "size");
    const { widths, normal } = gaussians(inputs, attrs);
    const g = peak(gradOut);
    const out = new Float64Array(want.data.length);
    const terms = input === 0 ? h * w : value.data.length / out.length;
    const meet = (at: number, term: number): void => {
      out[at] = Math.max(out[at], t * Math.sqrt(terms) * g * Math.abs(term));
    };
    for (let i = 0; i < value.data.length; i++) {
      const map = Math.floor(i / (h * w));
      const [dx, dy] = [i % w, Math.floor((i % (h * w)) / w)].map((p, axis) => p - points.data[2 * map + axis]);
      const [v, s] = [value.data[i], widths[map]];
      if (input === 0) {
        meet(2 * map, (v * dx) / s ** 2);
        meet(2 * map + 1, (v * dy) / s ** 2);
      } else meet(map % out.length, v * ((dx * dx + dy * dy) / s ** 3 + (normal ? 2 / s : 0)));
    }
    return out;
  },
};

const spatialCrossEntropyRule: ToleranceRule = {
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

export const softRules: Readonly<Record<string, ToleranceRule>> = {
  batch_norm: batchNormRule,
  softmax: softmaxRule,
  log_softmax: logSoftmaxRule,
  gaussian_heatmaps: heatmapRule,
  spatial_softmax_ce: spatialCrossEntropyRule,
};
