import "./methods.ts";

export { apply, type BackwardContext, type ForwardContext, type Op, type OpRecord, observeOps } from "./apply.ts";
export { backward } from "./backward.ts";
export { fromNdarray, toNdarray } from "./ndarray.ts";
export { type AvgPool2dOptions, avgPool2d } from "./ops/avg-pool2d.ts";
export { type BatchNormOptions, batchNorm } from "./ops/batch-norm.ts";
export {
  type ConnectedComponentsOptions,
  type Connectivity,
  connectedComponents,
  type DecodeCentroidsOptions,
  decodeCentroids,
} from "./ops/components.ts";
export { type Conv2dOptions, conv2d, type Pair, type Sides } from "./ops/conv2d.ts";
export { argmax2d, decodeHeatmaps } from "./ops/decode-heatmaps.ts";
export { channelDropout, type DropRowsOptions, dropPath } from "./ops/drop-rows.ts";
export { dropout } from "./ops/dropout.ts";
export * from "./ops/elementwise.ts";
export { gaussianHeatmaps } from "./ops/gaussian-heatmaps.ts";
export { groupNorm } from "./ops/group-norm.ts";
export { type InstanceNormOptions, instanceNorm } from "./ops/instance-norm.ts";
export { layerNorm } from "./ops/layer-norm.ts";
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
export type { AffineOptions } from "./ops/row-norm.ts";
export type { GridConvention, SoftArgmaxOptions } from "./ops/soft-argmax-grid.ts";
export { softArgmax1d } from "./ops/soft-argmax1d.ts";
export { softArgmax2d, softArgmax2dMoments } from "./ops/soft-argmax2d.ts";
export { softArgmax3d } from "./ops/soft-argmax3d.ts";
export { logSoftmax, softmax } from "./ops/softmax.ts";
export { upsampleBilinear2d } from "./ops/upsample-bilinear2d.ts";
export { upsampleNearest2d } from "./ops/upsample-nearest2d.ts";
export { Rng } from "./rng.ts";
export { keep, noGrad, scope, tidy } from "./scope.ts";
export { type Shape, show, sizeOf } from "./shape.ts";
export type { DType } from "./storage.ts";
export { full, leaks, Tensor, type TensorData, tensor, zeros } from "./tensor.ts";
