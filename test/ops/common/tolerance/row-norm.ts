/**
 * T1 for group, instance and layer norm. All is told in deviations from the block's mean: x is measured from an entry of its
 * own block, so an offset of the data costs nothing beyond the rounding it had as an input. With K entries a block, D their
 * largest deviation, s = 1 / sqrt(variance + eps), n = D s:
 * - the mean is a sum of K deviations over K from that entry, each up to 2 D: u 2 D / sqrt(K);
 * - the variance is a sum of K squares over K: u sqrt(K) D^2 / K, of which half its relative part goes into s.
 * Both are common to a block, so a sum over entries of the block multiplies them by the sum of what they multiply.
 */
import { blockStatistics, type Cut } from "../reference/row-norm.ts";
import type { GradSituation, Situation, ToleranceRule } from "../tolerance.ts";
import { groupPeaks } from "./sums.ts";

function blocks(cut: Cut, { inputs: [x], attrs, u }: Situation) {
  const { length, channel } = cut(x, attrs);
  const { mean, inverse } = blockStatistics(x, attrs, { length, channel });
  const block = Int32Array.from(x.data, (_, i) => Math.floor(i / length));
  const peaks = groupPeaks(
    x.data.map((v, i) => v - mean[block[i]]),
    block,
    mean.length,
  );
  const largest = peaks.map((d, b) => d * inverse[b]);
  const ofMean = largest.map((n) => (u * 2 * n) / Math.sqrt(length));
  const ofScale = largest.map((n) => (0.5 * u * n * n) / Math.sqrt(length));
  return { length, channel, block, mean, inverse, largest, ofMean, ofScale };
}

const forward =
  (cut: Cut) =>
  (s: Situation): Float64Array => {
    const [x, weight, bias] = s.inputs;
    const { channel, block, mean, inverse, largest, ofMean, ofScale } = blocks(cut, s);
    // Three terms: x and the mean, each as a distance of up to 2 D, and the bias; then the errors of the mean and of s.
    return x.data.map((v, i) => {
      const [b, c] = [block[i], channel(i)];
      const w = Math.abs(weight?.data[c] ?? 1);
      const terms = Math.sqrt(3) * Math.max(2 * largest[b] * w, Math.abs(bias?.data[c] ?? 0));
      return s.u * terms + w * ofMean[b] + w * Math.abs(v - mean[b]) * inverse[b] * (s.u + ofScale[b]);
    });
  };

/** weight: a sum of K' products g n, each n two terms of up to 2 n; bias: of K' gradients. */
function ofChannels(cut: Cut, s: GradSituation): Float64Array {
  const { inputs, gradOut, want, u, input } = s;
  const [x] = inputs;
  const { channel, block, mean, inverse, largest, ofMean, ofScale } = blocks(cut, s);
  const channels = want.data.length;
  const isWeight = input === 1;
  const tops = new Float64Array(channels);
  const levels = new Map<number, number>();
  const slopes = new Map<number, number>();
  for (let i = 0; i < x.data.length; i++) {
    const [b, c, g] = [block[i], channel(i), gradOut.data[i]];
    tops[c] = Math.max(tops[c], Math.abs(g) * (isWeight ? 2 * Math.SQRT2 * largest[b] : 1));
    const at = b * channels + c;
    levels.set(at, (levels.get(at) ?? 0) + g);
    slopes.set(at, (slopes.get(at) ?? 0) + g * (x.data[i] - mean[b]) * inverse[b]);
  }
  const out = tops.map((t) => u * Math.sqrt(x.data.length / channels) * t);
  if (isWeight)
    for (const [at, level] of levels) {
      const b = Math.floor(at / channels);
      out[at % channels] += Math.abs(level) * ofMean[b] + Math.abs(slopes.get(at) as number) * ofScale[b];
    }
  return out;
}

/** x: s (a - mean(a) - n mean(a n)), a = w g up to A: three terms, the two sums, and n's own error where it stands. */
function ofInput(cut: Cut, s: GradSituation): Float64Array {
  const { inputs, gradOut, want, u } = s;
  const weight = inputs[1];
  const { length, channel, block, inverse, largest, ofMean, ofScale } = blocks(cut, s);
  const weighted = gradOut.data.map((g, i) => g * (weight?.data[channel(i)] ?? 1));
  const tops = groupPeaks(weighted, block, inverse.length);
  return want.data.map((v, i) => {
    const b = block[i];
    const n = largest[b];
    const terms = Math.sqrt(3) * Math.max(1, n) + 2 * n + (1 + n * n) / Math.sqrt(length);
    const ofNormal = 2 * ofMean[b] + 2 * n * ofScale[b];
    return inverse[b] * tops[b] * (u * terms + ofNormal) + ofScale[b] * Math.abs(v);
  });
}

export const rowNormRule = (cut: Cut): ToleranceRule => ({
  forward: forward(cut),
  grad: (s) => (s.input === 0 ? ofInput(cut, s) : ofChannels(cut, s)),
});
