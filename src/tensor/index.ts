import "./methods.ts";
import "./pytorch-names.ts";

export { apply, type BackwardContext, type ForwardContext, type Op, type OpRecord, observeOps } from "./apply.ts";
export { type BackwardOptions, backward } from "./backward.ts";
export { leaks } from "./hold.ts";
export type { TensorData } from "./host-numbers.ts";
export type { Pair, Sides, Sides3, Triple } from "./ops/common/axes.ts";
export type { ConvNorm } from "./ops/conv/conv-norm.ts";
export { type ConvTranspose2dOptions, convTranspose2d } from "./ops/conv/conv-transpose2d.ts";
export { type Conv1dOptions, conv1d } from "./ops/conv/conv1d.ts";
export { type Conv2dOptions, conv2d } from "./ops/conv/conv2d.ts";
export { type Conv3dOptions, conv3d } from "./ops/conv/conv3d.ts";
export { type FoldOptions, fold, type UnfoldOptions, unfold } from "./ops/conv/unfold.ts";
export * from "./ops/create/index.ts";
export * from "./ops/elementwise/index.ts";
export { embedding, oneHot } from "./ops/index/embedding.ts";
export { gather, indexSelect } from "./ops/index/gather.ts";
export type { Indices } from "./ops/index/indices.ts";
export { scatterAdd } from "./ops/index/scatter-add.ts";
export * from "./ops/layout/index.ts";
export { crossEntropy } from "./ops/loss/cross-entropy.ts";
export * from "./ops/loss/losses.ts";
export type { LossOptions, Reduction } from "./ops/loss/losses-op.ts";
export { type CdistOptions, cdist } from "./ops/matmul/cdist.ts";
export { type CosineSimilarityOptions, cosineSimilarity } from "./ops/matmul/cosine-similarity.ts";
export { dot, outer } from "./ops/matmul/dot.ts";
export { einsum } from "./ops/matmul/einsum.ts";
export * from "./ops/matmul/matmul.ts";
export { type BatchNormOptions, batchNorm } from "./ops/norm/batch-norm.ts";
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
export * from "./ops/reduce/index.ts";
export { type AffineGridOptions, affineGrid } from "./ops/resample/affine-grid.ts";
export { type GridSampleOptions, gridSample } from "./ops/resample/grid-sample.ts";
export type { AlignOptions, ResampleOptions } from "./ops/resample/target-size.ts";
export { upsampleBilinear2d } from "./ops/resample/upsample-bilinear2d.ts";
export { upsampleNearest2d } from "./ops/resample/upsample-nearest2d.ts";
export { upsampleNearest3d } from "./ops/resample/upsample-nearest3d.ts";
export {
  upsampleBicubic2d,
  upsampleLinear1d,
  upsampleTrilinear3d,
} from "./ops/resample/upsample-separable.ts";
export { type RecordedStep, recordStep } from "./record-step.ts";
export { Rng } from "./rng.ts";
export { isGradEnabled, keep, noGrad, type Scope, scope, tidy } from "./scope.ts";
export { type Axes, type Shape, show, sizeOf } from "./shape.ts";
export type { DType } from "./storage.ts";
export { full, Tensor, tensor, zeros } from "./tensor.ts";
