import { unary } from "./elementwise-op.ts";

/** exp(x) - 1, with all digits where x is near 0. */
export const expm1 = unary("expm1", {
  f: "expMinusOne(a)",
  // Not y + 1: that has no digits left where y is nearly -1.
  grad: "g * expOrNan(v)",
  uses: "a",
});
/** 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x, with all digits where x is near 0. */
export const erf = unary("erf", { f: "errorFunction(a)", grad: "g * errorSlope(v)", uses: "a" });
/** 1 / x. */
export const reciprocal = unary("reciprocal", { f: "1.0 / a", grad: "-g * v * v", uses: "y" });
