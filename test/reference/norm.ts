/** Batch norm, softmax and log-softmax. */
import { groupsOf, meansOf } from "./reduce.ts";
import { type Attrs, numberOf, numbersOf, type Ref, type Reference, zeros } from "./ref.ts";

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
const batchNorm: Reference = {
  op: "batch_norm",
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

/** Softmax and its logarithm over any set of axes taken together; also the groups it was taken over. */
export function softmaxParts(x: Ref, axes: readonly number[]) {
  const groups = groupsOf(x.shape, axes, false);
  const { group } = groups;
  const top = zeros(groups.shape).data.fill(-Infinity);
  for (let i = 0; i < x.data.length; i++) top[group[i]] = Math.max(top[group[i]], x.data[i]);
  const total = zeros(groups.shape).data;
  for (let i = 0; i < x.data.length; i++) total[group[i]] += Math.exp(x.data[i] - top[group[i]]);
  const log = x.data.map((v, i) => v - top[group[i]] - Math.log(total[group[i]]));
  return { group, length: groups.length, top, total, log, p: log.map(Math.exp) };
}

/** Sum of `values` in each group. */
export function groupSums(values: Float64Array, group: Int32Array, count: number): Float64Array {
  const out = new Float64Array(count);
  for (let i = 0; i < values.length; i++) out[group[i]] += values[i];
  return out;
}

const softmax: Reference = {
  op: "softmax",
  forward: ([x], attrs) => ({ shape: x.shape, data: softmaxParts(x, numbersOf(attrs, "axes")).p }),
  backward([x], attrs, gradOut) {
    const { group, p, total } = softmaxParts(x, numbersOf(attrs, "axes"));
    const dot = groupSums(
      p.map((v, i) => v * gradOut.data[i]),
      group,
      total.length,
    );
    return [{ shape: x.shape, data: p.map((v, i) => v * (gradOut.data[i] - dot[group[i]])) }];
  },
};

const logSoftmax: Reference = {
  op: "log_softmax",
  forward: ([x], attrs) => ({ shape: x.shape, data: softmaxParts(x, numbersOf(attrs, "axes")).log }),
  backward([x], attrs, gradOut) {
    const { group, p, total } = softmaxParts(x, numbersOf(attrs, "axes"));
    const sum = groupSums(gradOut.data, group, total.length);
    return [{ shape: x.shape, data: p.map((v, i) => gradOut.data[i] - v * sum[group[i]]) }];
  },
};

export const normReferences: readonly Reference[] = [batchNorm, softmax, logSoftmax];
