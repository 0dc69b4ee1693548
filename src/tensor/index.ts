import "./methods.ts";

export { apply, type BackwardContext, type ForwardContext, type Op, type OpRecord, observeOps } from "./apply.ts";
export { backward } from "./backward.ts";
export { fromNdarray, toNdarray } from "./ndarray.ts";
export { adaptiveAvgPool2d, adaptiveAvgPool3d } from "./ops/adaptive-avg-pool.ts";
export { affineGrid } from "./ops/affine-grid.ts";
export { argmax, argmin } from "./ops/argmax.ts";
export { type AvgPool2dOptions, avgPool2d } from "./ops/avg-pool2d.ts";
export { type AvgPool3dOptions, avgPool3d } from "./ops/avg-pool3d.ts";
export type { Pair, Sides, Sides3, Triple } from "./ops/axes.ts";
export { type BatchNormOptions, batchNorm } from "./ops/batch-norm.ts";
export { cast } from "./ops/cast.ts";
export { eq, ge, gt, le, lt, ne } from "./ops/compare.ts";
export {
  type ConnectedComponentsOptions,
  type Connectivity,
  connectedComponents,
  type DecodeCentroidsOptions,
  decodeCentroids,
} from "./ops/components.ts";
export { type ConvTranspose2dOptions, convTranspose2d } from "./ops/conv-transpose2d.ts";
export { type Conv1dOptions, conv1d } from "./ops/conv1d.ts";
export { type Conv2dOptions, conv2d } from "./ops/conv2d.ts";
export { type Conv3dOptions, conv3d } from "./ops/conv3d.ts";
export { crossEntropy } from "./ops/cross-entropy.ts";
export { cumsum } from "./ops/cumsum.ts";
export { argmax2d, decodeHeatmaps } from "./ops/decode-heatmaps.ts";
export { channelDropout, type DropRowsOptions, dropPath } from "./ops/drop-rows.ts";
export { dropout } from "./ops/dropout.ts";
export * from "./ops/elementwise.ts";
export { embedding, oneHot } from "./ops/embedding.ts";
export { type FoldedConvolution, foldBatchNorm } from "./ops/fold-batch-norm.ts";
export { gather, indexSelect } from "./ops/gather.ts";
export { gaussianHeatmaps } from "./ops/gaussian-heatmaps.ts";
export { type GridSampleOptions, gridSample } from "./ops/grid-sample.ts";
export { groupNorm } from "./ops/group-norm.ts";
export { heatmapVariance } from "./ops/heatmap-variance.ts";
export type { Indices } from "./ops/indices.ts";
export { type InstanceNormOptions, instanceNorm } from "./ops/instance-norm.ts";
export { split, squeeze, stack, unsqueeze } from "./ops/join.ts";
export { layerNorm } from "./ops/layer-norm.ts";
export * from "./ops/layout.ts";
export { adaptiveAvgPool1d, avgPool1d, maxPool1d, type Pool1dOptions, upsampleNearest1d } from "./ops/lines.ts";
export { type LogDiceOptions, logDice } from "./ops/log-dice.ts";
export { logsumexp } from "./ops/logsumexp.ts";
export * from "./ops/losses.ts";
export type { LossOptions, Reduction } from "./ops/losses-op.ts";
export type { MaskSource } from "./ops/mask-key.ts";
export * from "./ops/matmul.ts";
export { type MaxPool2dOptions, maxPool2d } from "./ops/max-pool2d.ts";
export { type MaxPool3dOptions, maxPool3d } from "./ops/max-pool3d.ts";
export { ohkm } from "./ops/ohkm.ts";
export { broadcastTo, flip, repeat, roll } from "./ops/rearrange.ts";
export { max, mean, min, sum, variance } from "./ops/reduce.ts";
export type { AffineOptions } from "./ops/row-norm.ts";
export { scatterAdd } from "./ops/scatter-add.ts";
export type { GridConvention, SoftArgmaxOptions } from "./ops/soft-argmax-grid.ts";
export { softArgmax1d } from "./ops/soft-argmax1d.ts";
export { softArgmax2d, softArgmax2dMoments } from "./ops/soft-argmax2d.ts";
export { softArgmax3d } from "./ops/soft-argmax3d.ts";
export { logSoftmax, softmax } from "./ops/softmax.ts";
export { spatialSoftmaxCrossEntropy } from "./ops/spatial-softmax-ce.ts";
export { type FoldOptions, fold, type UnfoldOptions, unfold } from "./ops/unfold.ts";
export { upsampleBilinear2d } from "./ops/upsample-bilinear2d.ts";
export { upsampleNearest2d } from "./ops/upsample-nearest2d.ts";
export { upsampleNearest3d } from "./ops/upsample-nearest3d.ts";
export {
  type AlignOptions,
  upsampleBicubic2d,
  upsampleLinear1d,
  upsampleTrilinear3d,
} from "./ops/upsample-separable.ts";
export { where } from "./ops/where.ts";
export { type RecordedStep, recordStep } from "./record-step.ts";
export { Rng } from "./rng.ts";
export { isGradEnabled, keep, noGrad, scope, tidy } from "./scope.ts";
export { type Shape, show, sizeOf } from "./shape.ts";
export type { DType } from "./storage.ts";
export { full, leaks, Tensor, type TensorData, tensor, zeros } from "./tensor.ts";
