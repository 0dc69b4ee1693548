/** Blocks of an array, each normalized by its own mean and biased variance: group, instance and layer norm. */
import { type Attrs, numberOf, type Ref, type Reference, sizeOf, zeros } from "../ref.ts";

interface Blocks {
  /** Neighboring elements that are normalized together. */
  readonly length: number;
  /** Which weight and bias element i has. */
  readonly channel: (i: number) => number;
}

export const byChannel = (x: Ref, channelsTogether: number): Blocks => {
  const area = sizeOf(x.shape.slice(2));
  return { length: channelsTogether * area, channel: (i) => Math.floor(i / area) % x.shape[1] };
};

/** How an op cuts x. */
export type Cut = (x: Ref, attrs: Attrs) => Blocks;

/** Mean and 1 / sqrt(variance + eps) of each block. */
export function blockStatistics(x: Ref, attrs: Attrs, { length }: Blocks) {
  const count = x.data.length / Math.max(1, length);
  const mean = new Float64Array(count);
  const variance = new Float64Array(count);
  for (let i = 0; i < x.data.length; i++) mean[Math.floor(i / length)] += x.data[i] / length;
  for (let i = 0; i < x.data.length; i++) {
    const block = Math.floor(i / length);
    variance[block] += (x.data[i] - mean[block]) ** 2 / length;
  }
  return { mean, variance, inverse: variance.map((v) => 1 / Math.sqrt(v + numberOf(attrs, "eps"))) };
}

export const rowNorm = (cut: Cut): Reference => ({
  forward(inputs, attrs) {
    const [x, weight, bias] = inputs;
    const blocks = cut(x, attrs);
    const { mean, inverse } = blockStatistics(x, attrs, blocks);
    const out = zeros(x.shape);
    for (let i = 0; i < x.data.length; i++) {
      const block = Math.floor(i / blocks.length);
      const c = blocks.channel(i);
      out.data[i] = (x.data[i] - mean[block]) * inverse[block] * (weight?.data[c] ?? 1) + (bias?.data[c] ?? 0);
    }
    return out;
  },
  backward(inputs, attrs, gradOut) {
    const [x, weight, bias] = inputs;
    const { length, channel } = cut(x, attrs);
    const { mean, inverse } = blockStatistics(x, attrs, { length, channel });
    const block = (i: number) => Math.floor(i / length);
    const normal = x.data.map((v, i) => (v - mean[block(i)]) * inverse[block(i)]);
    const weighted = gradOut.data.map((g, i) => g * (weight?.data[channel(i)] ?? 1));
    const level = new Float64Array(mean.length);
    const slope = new Float64Array(mean.length);
    const [gx, gw, gb] = [zeros(x.shape), weight && zeros(weight.shape), bias && zeros(bias.shape)];
    for (let i = 0; i < x.data.length; i++) {
      level[block(i)] += weighted[i] / length;
      slope[block(i)] += (weighted[i] * normal[i]) / length;
      if (gw) gw.data[channel(i)] += gradOut.data[i] * normal[i];
      if (gb) gb.data[channel(i)] += gradOut.data[i];
    }
    for (let i = 0; i < x.data.length; i++)
      gx.data[i] = inverse[block(i)] * (weighted[i] - level[block(i)] - normal[i] * slope[block(i)]);
    return [gx, gw, gb].filter((r): r is Ref => r !== undefined);
  },
});
