/** The public elementwise ops; each is a method of Tensor too (methods.ts). */
export { cast } from "./cast.ts";
export { eq, ge, gt, le, lt, ne } from "./compare.ts";
export { erf, expm1, reciprocal } from "./curves.ts";
export { type DropRowsOptions, dropout2d, dropPath } from "./drop-rows.ts";
export { dropout } from "./dropout.ts";
export * from "./elementwise.ts";
export { isfinite, isnan } from "./finite.ts";
export type { MaskSource } from "./mask-key.ts";
export { ceil, floor, round } from "./rounding.ts";
export { where } from "./where.ts";
