import "./methods.ts";

export { apply, type BackwardContext, type ForwardContext, type Op, type OpRecord, observeOps } from "./apply.ts";
export { backward } from "./backward.ts";
export { fromNdarray, toNdarray } from "./ndarray.ts";
export { type AvgPool2dOptions, avgPool2d } from "./ops/avg-pool2d.ts";
export { type BatchNormOptions, batchNorm } from "./ops/batch-norm.ts";
export { type ConvTranspose2dOptions, convTranspose2d } from "./ops/conv-transpose2d.ts";
export { type Conv1dOptions, conv1d } from "./ops/conv1d.ts";
export { type Conv2dOptions, conv2d, type Pair, type Sides } from "./ops/conv2d.ts";
export { type Conv3dOptions, conv3d, type Sides3, type Triple } from "./ops/conv3d.ts";
export { argmax2d, decodeHeatmaps } from "./ops/decode-heatmaps.ts";
export { dropout } from "./ops/dropout.ts";
export * from "./ops/elementwise.ts";
export { gaussianHeatmaps } from "./ops/gaussian-heatmaps.ts";
export * from "./ops/layout.ts";
export {
  bceWithLogits,
  type LossOptions,
  mseLoss,
  type Reduction,
  smoothL1,
  spatialSoftmaxCrossEntropy,
} from "./ops/losses.ts";
export * from "./ops/matmul.ts";
export { type MaxPool2dOptions, maxPool2d } from "./ops/max-pool2d.ts";
export { max, mean, min, sum, variance } from "./ops/reduce.ts";
export { type SoftArgmaxOptions, softArgmax2d, softArgmax2dMoments } from "./ops/soft-argmax2d.ts";
export { logSoftmax, softmax } from "./ops/softmax.ts";
export { type FoldOptions, fold, type UnfoldOptions, unfold } from "./ops/unfold.ts";
export { upsampleBilinear2d } from "./ops/upsample-bilinear2d.ts";
export { upsampleNearest2d } from "./ops/upsample-nearest2d.ts";
export { Rng } from "./rng.ts";
export { keep, noGrad, scope, tidy } from "./scope.ts";
export { type Shape, show, sizeOf } from "./shape.ts";
export type { DType } from "./storage.ts";
export { full, leaks, Tensor, type TensorData, tensor, zeros } from "./tensor.ts";
