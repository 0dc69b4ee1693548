import * as L from "../../src/landmarks/ops/index.ts";
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

/** Indices come as numbers of a file: here they become integers. */
const integers = (x: T.Tensor): T.Tensor => T.cast(x, "i32");
const line = (a: A) => ({ kernel: a.kernel[0], stride: a.stride[0], padding: a.padding, ceilMode: a.ceil_mode });

const averaging = (a: A) => ({
  ...a,
  ceilMode: a.ceil_mode,
  countIncludePad: a.count_include_pad,
  divisorOverride: a.divisor_override,
});
/** Losses of [prediction, target] or [prediction, target, weight]; their attributes are their options. */
const loss =
  (f: (x: T.Tensor, y: T.Tensor, options: T.LossOptions) => T.Tensor): Run =>
  ([x, y, weight], a) =>
    f(x, y, { ...a, weight });

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
  max_pool1d: ([x], a: A) => T.maxPool1d(x, { ...line(a), dilation: a.dilation[0] }),
  avg_pool1d: ([x], a: A) => T.avgPool1d(x, { ...line(a), countIncludePad: a.count_include_pad }),
  adaptive_avg_pool1d: ([x], a: A) => T.adaptiveAvgPool1d(x, a.size[0]),
  upsample_nearest1d: ([x], a: A) => T.upsampleNearest1d(x, a.size[0]),
  max_pool2d: ([x], a: A) => T.maxPool2d(x, { ...a, ceilMode: a.ceil_mode }),
  avg_pool2d: ([x], a: A) => T.avgPool2d(x, averaging(a)),
  max_pool3d: ([x], a: A) => T.maxPool3d(x, { ...a, ceilMode: a.ceil_mode }),
  avg_pool3d: ([x], a: A) => T.avgPool3d(x, averaging(a)),
  adaptive_avg_pool2d: ([x], a: A) => T.adaptiveAvgPool2d(x, a.size),
  adaptive_avg_pool3d: ([x], a: A) => T.adaptiveAvgPool3d(x, a.size),
  conv1d: ([x, w, bias], a: A) => T.conv1d(x, w, { bias, ...a }),
  conv3d: ([x, w, bias], a: A) => T.conv3d(x, w, { bias, ...a }),
  conv_transpose2d: ([x, w, bias], a: A) => T.convTranspose2d(x, w, { bias, ...a, outputPadding: a.output_padding }),
  pad_reflect: ([x], a: A) => T.pad(x, a.pads, { mode: "reflect" }),
  pad_replicate: ([x], a: A) => T.pad(x, a.pads, { mode: "replicate" }),
  unfold: ([x], a: A) => T.unfold(x, a),
  fold: ([x], a: A) => T.fold(x, { ...a, outputSize: a.output_size }),
  upsample_nearest2d: ([x], a: A) => T.upsampleNearest2d(x, a.size),
  upsample_bilinear2d: ([x], a: A) => T.upsampleBilinear2d(x, a.size, { alignCorners: a.align_corners }),
  upsample_nearest3d: ([x], a: A) => T.upsampleNearest3d(x, a.size),
  upsample_linear1d: ([x], a: A) => T.upsampleLinear1d(x, a.size[0], { alignCorners: a.align_corners }),
  upsample_bicubic2d: ([x], a: A) => T.upsampleBicubic2d(x, a.size, { alignCorners: a.align_corners }),
  upsample_trilinear3d: ([x], a: A) => T.upsampleTrilinear3d(x, a.size, { alignCorners: a.align_corners }),
  grid_sample: ([x, grid], a: A) =>
    T.gridSample(x, grid, { mode: a.mode, paddingMode: a.padding_mode, alignCorners: a.align_corners }),
  affine_grid: ([x], a: A) => T.affineGrid(x, a.size, { alignCorners: a.align_corners }),
  batch_norm: ([x, w, b, m, v], a: A) =>
    T.batchNorm(x, w, b, m, v, { training: a.training, eps: a.eps, momentum: 0.1 }),
  group_norm: ([x, weight, bias], a: A) => T.groupNorm(x, a.num_groups, { weight, bias, eps: a.eps }),
  instance_norm: ([x, weight, bias, runningMean, runningVar], a: A) =>
    T.instanceNorm(x, { weight, bias, runningMean, runningVar, eps: a.eps, useInputStats: a.use_input_stats }),
  layer_norm: ([x, weight, bias], a: A) => T.layerNorm(x, a.normalized_shape, { weight, bias, eps: a.eps }),
  softmax: ([x], a: A) => T.softmax(x, a.axes),
  log_softmax: ([x], a: A) => T.logSoftmax(x, a.axes),
  soft_argmax1d: ([x], a: A) => L.softArgmax1d(x, { beta: a.beta, convention: a.convention }),
  soft_argmax2d: ([x], a: A) => L.softArgmax2d(x, { beta: a.beta, convention: a.convention }),
  soft_argmax3d: ([x], a: A) => L.softArgmax3d(x, { beta: a.beta, convention: a.convention }),
  soft_argmax2d_moments: ([x], a: A) => L.softArgmax2dMoments(x, { beta: a.beta, convention: a.convention }),
  gaussian_heatmaps: ([x, sigma], a: A) =>
    L.gaussianHeatmaps(x, { size: a.size, sigma: sigma ?? a.sigma, gamma: a.gamma }),
  // PyTorch's mask cannot be drawn here: the samples give it. The op's own mask has tests of its own.
  dropout: ([x, m], a: A) => T.mul(x, T.mul(m, 1 / (1 - a.p))),
  channel_dropout: ([x], a: A) => T.channelDropout(x, { p: a.p, rng: a.key }),
  drop_path: ([x], a: A) => T.dropPath(x, { p: a.p, rng: a.key }),
  mse_loss: loss(T.mseLoss),
  l1_loss: loss(T.l1Loss),
  half_sse: loss(T.halfSse),
  smooth_l1: loss(T.smoothL1),
  huber_loss: loss(T.huberLoss),
  wing_loss: loss(T.wingLoss),
  elastic_loss: loss(T.elasticLoss),
  robust_loss: loss(T.robustLoss),
  bce_loss: loss(T.bceLoss),
  bce_with_logits: loss(T.bceWithLogits),
  cce_loss: loss(T.cceLoss),
  kl_div: loss(T.klDiv),
  js_divergence: loss(T.jsDivergence),
  cross_entropy: ([x, y], a: A) => T.crossEntropy(x, y, a),
  log_dice: ([p, t, weight], a: A) => L.logDice(p, t, { weight, ...a }),
  ohkm: ([x], a: A) => L.ohkm(x, a),
  heatmap_variance: ([x]) => L.heatmapVariance(x),
  spatial_softmax_ce: ([x, y]) => L.spatialSoftmaxCrossEntropy(x, y),
  sign: unary(T.sign),
  rsqrt: unary(T.rsqrt),
  sin: unary(T.sin),
  cos: unary(T.cos),
  elu: ([x], a: A) => T.elu(x, a.alpha),
  gelu: ([x], a: A) => T.gelu(x, { approximate: a.approximate }),
  hard_step: ([x], a: A) => T.hardStep(x, a.threshold),
  eq: binary(T.eq),
  ne: binary(T.ne),
  lt: binary(T.lt),
  le: binary(T.le),
  gt: binary(T.gt),
  ge: binary(T.ge),
  where: ([c, a, b]) => T.where(c, a, b),
  argmax: ([x], a: A) => T.cast(T.argmax(x, a.axis, a.keepdim), "f32"),
  argmin: ([x], a: A) => T.cast(T.argmin(x, a.axis, a.keepdim), "f32"),
  cumsum: ([x], a: A) => T.cumsum(x, a.axis),
  gather: ([x, i], a: A) => T.gather(x, a.axis, integers(i)),
  index_select: ([x, i], a: A) => T.indexSelect(x, a.axis, integers(i)),
  scatter_add: ([x, i, src], a: A) => T.scatterAdd(x, a.axis, integers(i), src),
  one_hot: ([i], a: A) => T.oneHot(integers(i), a.classes),
  embedding: ([i, w]) => T.embedding(integers(i), w),
  flip: ([x], a: A) => T.flip(x, a.axes),
  roll: ([x], a: A) => T.roll(x, a.shifts, a.axes),
  broadcast_to: ([x], a: A) => T.broadcastTo(x, a.shape),
  repeat: ([x], a: A) => T.repeat(x, a.repeats),
  // One result that tells of every part: joined again in the opposite order.
  split: ([x], a: A) => T.concat(T.split(x, a.sizes, a.axis).reverse(), a.axis),
  stack: (xs, a: A) => T.stack(xs, a.axis),
  squeeze: ([x], a: A) => T.squeeze(x, a.axes),
  unsqueeze: ([x], a: A) => T.unsqueeze(x, a.axis),
};
