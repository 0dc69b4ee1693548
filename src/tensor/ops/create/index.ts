/** Tensors from nothing: each names its device. */
export { ones, onesLike, zerosLike } from "./like.ts";
export { rand, randn } from "./random.ts";
export { type ArangeOptions, arange, eye, linspace } from "./ranges.ts";
