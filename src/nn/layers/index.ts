export { ELU, GELU, Identity, LeakyReLU, ReLU, Sigmoid, SiLU, Softmax, Softplus, Tanh } from "./activations.ts";
export { type ChainStep, chain, Sequential } from "./chain.ts";
export {
  Conv1d,
  type Conv1dLayerOptions,
  Conv2d,
  type Conv2dLayerOptions,
  Conv3d,
  type Conv3dLayerOptions,
} from "./conv.ts";
export { ConvTranspose2d, type ConvTranspose2dLayerOptions } from "./conv-transpose.ts";
export { Dropout, Dropout2d, DropPath } from "./dropout.ts";
export { Embedding } from "./embedding.ts";
export { Flatten, type FlattenOptions } from "./flatten.ts";
export { Linear } from "./linear.ts";
export { BatchNorm1d, BatchNorm2d, BatchNorm3d, type BatchNormLayerOptions } from "./norm.ts";
export { type PaddingMode, ReflectionPad2d, ReplicationPad2d, ZeroPad2d } from "./padding.ts";
export {
  AdaptiveAvgPool2d,
  AdaptiveAvgPool3d,
  AvgPool2d,
  AvgPool3d,
  MaxPool2d,
  MaxPool3d,
  type PoolLayerOptions,
} from "./pooling.ts";
export {
  GroupNorm,
  type GroupNormOptions,
  InstanceNorm2d,
  type InstanceNormLayerOptions,
  LayerNorm,
  type LayerNormOptions,
} from "./row-norm.ts";
export { Upsample, type UpsampleMode, type UpsampleOptions } from "./upsample.ts";
