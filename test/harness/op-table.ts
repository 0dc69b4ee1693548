import * as T from "../../src/tensor/index.ts";

type Run = (x: T.Tensor[], attrs: Record<string, unknown>) => T.Tensor;
// biome-ignore lint/suspicious/noExplicitAny: attributes come from files and are checked by the ops themselves
type A = any;

const unary =
  (f: (x: T.Tensor) => T.Tensor): Run =>
  ([x]) =>
    f(x);
const binary =
  (f: (a: T.Tensor, b: T.Tensor) => T.Tensor): Run =>
  ([a, b]) =>
    f(a, b);
const reduction =
  (f: (x: T.Tensor, axes: number[], keepdim: boolean) => T.Tensor): Run =>
  ([x], a) =>
    f(x, a.axes as number[], a.keepdim as boolean);

/** How a parity case or a sample calls each op; the completeness test holds it against what the package exports. */
export const opTable: Record<string, Run> = {
  neg: unary(T.neg),
  abs: unary(T.abs),
  square: unary(T.square),
  exp: unary(T.exp),
  log: unary(T.log),
  sqrt: unary(T.sqrt),
  sigmoid: unary(T.sigmoid),
  tanh: unary(T.tanh),
  relu: unary(T.relu),
  silu: unary(T.silu),
  softplus: unary(T.softplus),
  leaky_relu: ([x], a: A) => T.leakyRelu(x, a.negative_slope),
  clamp: ([x], a: A) => T.clamp(x, a.min ?? -3.4e38, a.max ?? 3.4e38),
  add: binary(T.add),
  sub: binary(T.sub),
  mul: binary(T.mul),
  div: binary(T.div),
  pow: binary(T.pow),
  maximum: binary(T.maximum),
  minimum: binary(T.minimum),
  sum: reduction(T.sum),
  mean: reduction(T.mean),
  max: reduction(T.max),
  min: reduction(T.min),
  variance: ([x], a: A) => T.variance(x, a.axes, { keepdim: a.keepdim, correction: a.correction }),
  matmul: ([x, w], a: A) => T.matmul(x, w, { transposeA: a.transpose_a, transposeB: a.transpose_b }),
  reshape: ([x], a: A) => T.reshape(x, a.shape),
  permute: ([x], a: A) => T.permute(x, a.perm),
  slice: ([x], a: A) => T.slice(x, a.starts, a.ends),
  concat: (xs, a: A) => T.concat(xs, a.axis),
  pad: ([x], a: A) => T.pad(x, a.pads, a.value),
  conv2d: ([x, w, bias], a: A) => T.conv2d(x, w, { bias, ...a }),
  conv1d: ([x, w, bias], a: A) => T.conv1d(x, w, { bias, ...a }),
  conv3d: ([x, w, bias], a: A) => T.conv3d(x, w, { bias, ...a }),
  conv_transpose2d: ([x, w, bias], a: A) => T.convTranspose2d(x, w, { bias, ...a, outputPadding: a.output_padding }),
  pad_reflect: ([x], a: A) => T.pad(x, a.pads, { mode: "reflect" }),
  pad_replicate: ([x], a: A) => T.pad(x, a.pads, { mode: "replicate" }),
  unfold: ([x], a: A) => T.unfold(x, a),
  fold: ([x], a: A) => T.fold(x, { ...a, outputSize: a.output_size }),
  max_pool2d: ([x], a: A) => T.maxPool2d(x, a),
  avg_pool2d: ([x], a: A) => T.avgPool2d(x, { ...a, countIncludePad: a.count_include_pad }),
  upsample_nearest2d: ([x], a: A) => T.upsampleNearest2d(x, a.size),
  upsample_bilinear2d: ([x], a: A) => T.upsampleBilinear2d(x, a.size, { alignCorners: a.align_corners }),
  batch_norm: ([x, w, b, m, v], a: A) =>
    T.batchNorm(x, w, b, m, v, { training: a.training, eps: a.eps, momentum: 0.1 }),
  softmax: ([x], a: A) => T.softmax(x, a.axes),
  log_softmax: ([x], a: A) => T.logSoftmax(x, a.axes),
  soft_argmax2d: ([x], a: A) => T.softArgmax2d(x, { beta: a.beta }),
  gaussian_heatmaps: ([x], a: A) => T.gaussianHeatmaps(x, { size: a.size, sigma: a.sigma }),
  // PyTorch's mask cannot be drawn here: the samples give it. The op's own mask has tests of its own.
  dropout: ([x, m], a: A) => T.mul(x, T.mul(m, 1 / (1 - a.p))),
  mse_loss: ([x, y], a: A) => T.mseLoss(x, y, { reduction: a.reduction }),
  bce_with_logits: ([x, y], a: A) => T.bceWithLogits(x, y, { reduction: a.reduction }),
  spatial_softmax_ce: ([x, y]) => T.spatialSoftmaxCrossEntropy(x, y),
};
