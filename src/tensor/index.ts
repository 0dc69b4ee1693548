import "./methods.ts";

export { type BackwardContext, type ForwardContext, type Op, type OpRecord, apply, observeOps } from "./apply.ts";
export { backward } from "./backward.ts";
export { type Conv2dOptions, conv2d, type Pair, type Sides } from "./ops/conv2d.ts";
export * from "./ops/elementwise.ts";
export * from "./ops/layout.ts";
export * from "./ops/matmul.ts";
export { max, mean, min, sum, variance } from "./ops/reduce.ts";
export { Rng } from "./rng.ts";
export { keep, noGrad, scope, tidy } from "./scope.ts";
export { type Shape, show, sizeOf } from "./shape.ts";
export type { DType } from "./storage.ts";
export { full, leaks, Tensor, type TensorData, tensor, zeros } from "./tensor.ts";
