/** The public reductions, and softmax, cumsum and sorting beside them; each is a method of Tensor too (methods.ts). */
export { all, any } from "./any.ts";
export { argmax, argmin } from "./argmax.ts";
export { cumsum } from "./cumsum.ts";
export { logsumexp } from "./logsumexp.ts";
export { type NormOptions, norm } from "./norm.ts";
export { prod } from "./prod.ts";
export { max, mean, min, type ReduceOptions, sum, variance } from "./reduce.ts";
export { logSoftmax, softmax } from "./softmax.ts";
export { type Sorted, type SortOptions, sort, type TopkOptions, topk } from "./sort.ts";
export { std } from "./std.ts";
