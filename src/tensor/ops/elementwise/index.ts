/** The public elementwise ops; each is a method of Tensor too (methods.ts). */
export { cast } from "./cast.ts";
export { eq, ge, gt, le, lt, ne } from "./compare.ts";
export { type DropRowsOptions, dropout2d, dropPath } from "./drop-rows.ts";
export { dropout } from "./dropout.ts";
export * from "./elementwise.ts";
export type { MaskSource } from "./mask-key.ts";
export { where } from "./where.ts";
