export * from "./affine.ts";
export * from "./eigen.ts";
export * from "./kabsch.ts";
export type { Mat3 } from "./mat3.ts";
export * as mat3 from "./mat3.ts";
export * from "./oriented-box.ts";
export * from "./plane.ts";
export * from "./rotation.ts";
export * from "./vec3.ts";
