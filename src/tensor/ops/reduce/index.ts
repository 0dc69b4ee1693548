/** The public reductions, and softmax and cumsum beside them; each is a method of Tensor too (methods.ts). */
export { argmax, argmin } from "./argmax.ts";
export { cumsum } from "./cumsum.ts";
export { logsumexp } from "./logsumexp.ts";
export { max, mean, min, type ReduceOptions, sum, variance } from "./reduce.ts";
export { logSoftmax, softmax } from "./softmax.ts";
