import { unary } from "./elementwise-op.ts";

/** 1 where x is NaN, else 0, told by its bits: WGSL may assume that there is none. No gradient. */
export const isnan = unary("isnan", { f: "select(0.0, 1.0, isNan(a))", grad: null, uses: "g" });
/** 1 where x is a number, 0 for NaN and both infinities, told by its bits. No gradient. */
export const isfinite = unary("isfinite", {
  f: "select(0.0, 1.0, (bitcast<u32>(a) & 0x7fffffffu) < 0x7f800000u)",
  grad: null,
  uses: "g",
});
