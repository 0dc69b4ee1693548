export { Identity, LeakyReLU, ReLU, Sigmoid, SiLU, Tanh } from "./activations.ts";
export { Conv2d, type Conv2dLayerOptions } from "./conv.ts";
export { Dropout2d, DropPath } from "./drop-rows.ts";
export { Dropout } from "./dropout.ts";
export { Linear } from "./linear.ts";
export { BatchNorm2d, type BatchNormOptions } from "./norm.ts";
export { AvgPool2d, MaxPool2d, type PoolLayerOptions } from "./pooling.ts";
export {
  GroupNorm,
  type GroupNormOptions,
  InstanceNorm2d,
  type InstanceNormLayerOptions,
  LayerNorm,
  type LayerNormOptions,
} from "./row-norm.ts";
export { Sequential } from "./sequential.ts";
export { Upsample, type UpsampleOptions } from "./upsample.ts";
