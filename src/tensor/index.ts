import "./methods.ts";

export { apply, type BackwardContext, type ForwardContext, type Op, type OpRecord, observeOps } from "./apply.ts";
export { backward } from "./backward.ts";
export { fromNdarray, toNdarray } from "./ndarray.ts";
export type { Pair, Sides, Sides3, Triple } from "./ops/common/axes.ts";
export { type ConvTranspose2dOptions, convTranspose2d } from "./ops/conv/conv-transpose2d.ts";
export { type Conv1dOptions, conv1d } from "./ops/conv/conv1d.ts";
export { type Conv2dOptions, conv2d } from "./ops/conv/conv2d.ts";
export { type Conv3dOptions, conv3d } from "./ops/conv/conv3d.ts";
export { type FoldOptions, fold, type UnfoldOptions, unfold } from "./ops/conv/unfold.ts";
export { cast } from "./ops/elementwise/cast.ts";
export { eq, ge, gt, le, lt, ne } from "./ops/elementwise/compare.ts";
export { channelDropout, type DropRowsOptions, dropPath } from "./ops/elementwise/drop-rows.ts";
export { dropout } from "./ops/elementwise/dropout.ts";
export * from "./ops/elementwise/elementwise.ts";
export type { MaskSource } from "./ops/elementwise/mask-key.ts";
export { where } from "./ops/elementwise/where.ts";
export { embedding, oneHot } from "./ops/index/embedding.ts";
export { gather, indexSelect } from "./ops/index/gather.ts";
export type { Indices } from "./ops/index/indices.ts";
export { scatterAdd } from "./ops/index/scatter-add.ts";
export { split, squeeze, stack, unsqueeze } from "./ops/layout/join.ts";
export * from "./ops/layout/layout.ts";
export { broadcastTo, flip, repeat, roll } from "./ops/layout/rearrange.ts";
export { crossEntropy } from "./ops/loss/cross-entropy.ts";
export * from "./ops/loss/losses.ts";
export type { LossOptions, Reduction } from "./ops/loss/losses-op.ts";
export * from "./ops/matmul/matmul.ts";
export { type BatchNormOptions, batchNorm } from "./ops/norm/batch-norm.ts";
export { type FoldedConvolution, foldBatchNorm } from "./ops/norm/fold-batch-norm.ts";
export { groupNorm } from "./ops/norm/group-norm.ts";
export { type InstanceNormOptions, instanceNorm } from "./ops/norm/instance-norm.ts";
export { layerNorm } from "./ops/norm/layer-norm.ts";
export type { AffineOptions } from "./ops/norm/row-norm.ts";
export { adaptiveAvgPool2d, adaptiveAvgPool3d } from "./ops/pool/adaptive-avg-pool.ts";
export { type AvgPool2dOptions, avgPool2d } from "./ops/pool/avg-pool2d.ts";
export { type AvgPool3dOptions, avgPool3d } from "./ops/pool/avg-pool3d.ts";
export { adaptiveAvgPool1d, avgPool1d, maxPool1d, type Pool1dOptions, upsampleNearest1d } from "./ops/pool/lines.ts";
export { type MaxPool2dOptions, maxPool2d } from "./ops/pool/max-pool2d.ts";
export { type MaxPool3dOptions, maxPool3d } from "./ops/pool/max-pool3d.ts";
export { argmax, argmin } from "./ops/reduce/argmax.ts";
export { cumsum } from "./ops/reduce/cumsum.ts";
export { logsumexp } from "./ops/reduce/logsumexp.ts";
export { max, mean, min, sum, variance } from "./ops/reduce/reduce.ts";
export { logSoftmax, softmax } from "./ops/reduce/softmax.ts";
export { affineGrid } from "./ops/resample/affine-grid.ts";
export { type GridSampleOptions, gridSample } from "./ops/resample/grid-sample.ts";
export { upsampleBilinear2d } from "./ops/resample/upsample-bilinear2d.ts";
export { upsampleNearest2d } from "./ops/resample/upsample-nearest2d.ts";
export { upsampleNearest3d } from "./ops/resample/upsample-nearest3d.ts";
export {
  type AlignOptions,
  upsampleBicubic2d,
  upsampleLinear1d,
  upsampleTrilinear3d,
} from "./ops/resample/upsample-separable.ts";
export { type RecordedStep, recordStep } from "./record-step.ts";
export { Rng } from "./rng.ts";
export { isGradEnabled, keep, noGrad, scope, tidy } from "./scope.ts";
export { type Shape, show, sizeOf } from "./shape.ts";
export type { DType } from "./storage.ts";
export { full, leaks, Tensor, type TensorData, tensor, zeros } from "./tensor.ts";
