/** The public layout ops; each is a method of Tensor too (methods.ts). */
export { diag, tril, triu } from "./diagonal.ts";
export { clone, flatten } from "./flatten.ts";
export { split, squeeze, stack, unsqueeze } from "./join.ts";
export * from "./layout.ts";
export { broadcastTo, flip, repeat, roll } from "./rearrange.ts";
export { at, select } from "./select.ts";
