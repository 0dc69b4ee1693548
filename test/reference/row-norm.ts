/** Group, instance and layer norm: blocks of an array, each normalised by its own mean and biased variance. */
import { normReferences } from "./norm.ts";
import { type Attrs, numberOf, numbersOf, type Ref, type Reference, sizeOf, zeros } from "./ref.ts";

export interface Blocks {
  /** Neighbouring elements that are normalised together. */
  readonly length: number;
  /** Which weight and bias element i has. */
  readonly channel: (i: number) => number;
}

const byChannel = (x: Ref, channelsTogether: number): Blocks => {
  const area = sizeOf(x.shape.slice(2));
  return { length: channelsTogether * area, channel: (i) => Math.floor(i / area) % x.shape[1] };
};

/** How each of the three cuts x. */
export const blocksOf: Readonly<Record<string, (x: Ref, attrs: Attrs) => Blocks>> = {
  group_norm: (x, attrs) => byChannel(x, x.shape[1] / numberOf(attrs, "num_groups")),
  instance_norm: (x) => byChannel(x, 1),
  layer_norm(_, attrs) {
    const length = sizeOf(numbersOf(attrs, "normalized_shape"));
    return { length, channel: (i) => i % length };
  },
};

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

const reference = (op: string): Reference => ({
  op,
  forward(inputs, attrs) {
    const [x, weight, bias] = inputs;
    const blocks = blocksOf[op](x, attrs);
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
    const { length, channel } = blocksOf[op](x, attrs);
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

const instance = reference("instance_norm");
const batchNorm = normReferences.find((r) => r.op === "batch_norm") as Reference;
const evaluation = (attrs: Attrs): Attrs => ({ ...attrs, training: false });

export const rowNormReferences: readonly Reference[] = [
  reference("group_norm"),
  reference("layer_norm"),
  {
    op: "instance_norm",
    // Without the images' own statistics it is a batch norm by the running ones.
    forward: (inputs, attrs) =>
      attrs.use_input_stats === false ? batchNorm.forward(inputs, evaluation(attrs)) : instance.forward(inputs, attrs),
    backward: (inputs, attrs, gradOut) =>
      attrs.use_input_stats === false
        ? batchNorm.backward(inputs, evaluation(attrs), gradOut)
        : instance.backward(inputs, attrs, gradOut),
  },
];
