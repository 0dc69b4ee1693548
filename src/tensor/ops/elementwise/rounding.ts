import { unary } from "./elementwise-op.ts";

// A NaN is handed on by its bits: drivers may take it for a number that needs no rounding, or for none.
const whole = (f: string): string => `select(${f}(a), a, isNan(a))`;

/** The largest whole number that is not above x; NaN stays NaN. No gradient: it is 0 wherever there is one. */
export const floor = unary("floor", { f: whole("floor"), grad: null, uses: "g" });
/** The smallest whole number that is not below x; NaN stays NaN. No gradient: it is 0 wherever there is one. */
export const ceil = unary("ceil", { f: whole("ceil"), grad: null, uses: "g" });
/** The nearest whole number, of two equally near the even one (2.5 becomes 2), as torch.round. No gradient. */
export const round = unary("round", { f: whole("round"), grad: null, uses: "g" });
