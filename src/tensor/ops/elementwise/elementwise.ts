/**
 * The elementwise ops, a row each: value and gradient as WGSL expressions (elementwise-op.ts). What is exported
 * here is exported by the package.
 */
import { ConfigError } from "../../../errors.ts";
import { checkOptions, type KeysOf } from "../../../options.ts";
import { apply } from "../../apply.ts";
import type { Tensor } from "../../tensor.ts";
import { binary, unary, unaryOp } from "./elementwise-op.ts";

/** -x. */
export const neg = unary("neg", { f: "-a", grad: "-g", uses: "g" });
/** |x|; gradient 0 at 0. */
export const abs = unary("abs", { f: "abs(a)", grad: "g * sign(v)", uses: "a" });
/** x squared. */
export const square = unary("square", { f: "a * a", grad: "g * 2.0 * v", uses: "a" });
export const exp = unary("exp", { f: "expOrNan(a)", grad: "g * v", uses: "y" });
/** Natural logarithm. */
export const log = unary("log", { f: "logOrNan(a)", grad: "g / v", uses: "a" });
/** ln(1 + x), with all digits where x is near 0. */
export const log1p = unary("log1p", {
  f: "select(logOrNan(1.0 + a), logOnePlus(a), a > -0.5 && a <= 1.0)",
  grad: "g / (1.0 + v)",
  uses: "a",
});
export const sqrt = unary("sqrt", { f: "sqrt(a)", grad: "g * 0.5 / v", uses: "y" });
// The gradient is from the input, not the output: 1 - y has no digits left where y is nearly 1.
/** 1 / (1 + exp(-x)), without overflow. */
export const sigmoid = unary("sigmoid", { f: "logistic(a)", grad: "g * logistic(v) * logistic(-v)", uses: "a" });
export const tanh = unary("tanh", {
  f: "hyperbolicTangent(a)",
  grad: "g * 4.0 * logistic(2.0 * v) * logistic(-2.0 * v)",
  uses: "a",
});
/** max(x, 0); gradient 0 at 0; NaN stays NaN, and takes its gradient. */
export const relu = unary("relu", {
  f: "nanMax(a, 0.0)",
  grad: "select(0.0, g, (bitcast<u32>(v) & 0x7fffffffu) != 0u)", // y is 0, more, or NaN
  uses: "y",
});
/** x * sigmoid(x). */
export const silu = unary("silu", {
  f: "a * logistic(a)",
  grad: "g * logistic(v) * (1.0 + v * logistic(-v))",
  uses: "a",
});
/** ln(1 + exp(x)), without overflow. */
export const softplus = unary("softplus", { f: "softplus(a)", grad: "g * logistic(v)", uses: "a" });

const leakyReluOp = unaryOp("leakyRelu", {
  f: "select(p0 * a, a, a > 0.0)",
  grad: "select(p0 * g, g, v > 0.0)",
  uses: "a",
  constants: (t) => [t.negative_slope, 0],
});
/** x where positive, else negativeSlope * x. */
export const leakyRelu = (x: Tensor, negativeSlope = 0.01): Tensor =>
  apply(leakyReluOp, [x], { negative_slope: negativeSlope });

const clampOp = unaryOp("clamp", {
  f: "select(clamp(a, p0, p1), a, isNan(a))",
  grad: "select(0.0, g, v >= p0 && v <= p1)",
  uses: "a",
  constants: (t) => [t.min, t.max],
});
/** x limited to [min, max]; the gradient flows where x is inside, borders included. */
export const clamp = (x: Tensor, min: number, max: number): Tensor => apply(clampOp, [x], { min, max });

/** -1, 0 or 1; NaN stays NaN. No gradient: it is 0 wherever there is one. */
export const sign = unary("sign", { f: "select(sign(a), a, isNan(a))", grad: null, uses: "g" });

const hardStepOp = unaryOp("hardStep", {
  f: "select(0.0, 1.0, a > p0 && !isNan(a))",
  grad: null,
  uses: "g",
  constants: (t) => [t.threshold, 0],
});
/** 1 where x > threshold, else 0, also for NaN. No gradient: it is 0 wherever there is one. */
export const hardStep = (x: Tensor, threshold = 0): Tensor => apply(hardStepOp, [x], { threshold });

/** 1 / sqrt(x). */
export const rsqrt = unary("rsqrt", { f: "inverseSqrt(a)", grad: "g * -0.5 * v * v * v", uses: "y" });
/** Sine of x in radians, right for arguments of any size. */
export const sin = unary("sin", { f: "sine(a)", grad: "g * cosine(v)", uses: "a" });
/** Cosine of x in radians, right for arguments of any size. */
export const cos = unary("cos", { f: "cosine(a)", grad: "-g * sine(v)", uses: "a" });

const eluOp = unaryOp("elu", {
  f: "select(p0 * expMinusOne(a), a, a > 0.0)",
  grad: "select(select(g * p0 * exp(min(v, 0.0)), g, v > 0.0), v, isNan(v))",
  uses: "a",
  constants: (t) => [t.alpha, 0],
});
/** x where positive, else alpha (exp(x) - 1). */
export const elu = (x: Tensor, alpha = 1): Tensor => apply(eluOp, [x], { alpha });

const geluOp = unaryOp("gelu", { f: "gelu(a)", grad: "g * geluSlope(v)", uses: "a" });
const geluTanhOp = unaryOp("gelu", { f: "geluTanh(a)", grad: "g * geluTanhSlope(v)", uses: "a" });
const geluKeys: KeysOf<{ approximate?: "none" | "tanh" }> = { approximate: 1 };

/**
 * x times the share of the normal distribution below x; "tanh" takes x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))
 * for it (Hendrycks and Gimpel 2016). Throws ConfigError for another `approximate`.
 */
export const gelu = (x: Tensor, options: { approximate?: "none" | "tanh" } = {}): Tensor => {
  const { approximate = "none" } = checkOptions("gelu", options, geluKeys);
  if (approximate !== "none" && approximate !== "tanh")
    throw new ConfigError("approximate", `gelu: approximate is ${approximate}; use "none" or "tanh"`);
  return apply(approximate === "tanh" ? geluTanhOp : geluOp, [x], {});
};

/**
 * a + b with numpy's broadcasting; either may be a number. The same holds for the ops below. add, sub, mul, maximum and minimum
 * take integer tensors too, of one dtype, beside whole numbers: exact, modulo 2^32, without a gradient.
 */
export const add = binary("add", { f: "a + b", grads: ["g", "g"] });
export const sub = binary("sub", { f: "a - b", grads: ["g", "-g"] });
export const mul = binary("mul", { f: "a * b", grads: ["g * b", "g * a"] });
export const div = binary("div", { f: "a / b", grads: ["g / b", "-(g * a / b) / b"] });
/**
 * a to the power b, as IEEE 754 has it: a negative base with a whole exponent is allowed, others give NaN; a to the power 0 and
 * 1 to any power are 1, beside NaN too; 0 to a negative power is infinite.
 */
export const pow = binary("pow", { f: "realPow(a, b)", grads: ["g * powByBase(a, b)", "g * powByExponent(a, b)"] });
/** Larger of the two; NaN goes through, and gives the gradient to both; ties share it half and half, as PyTorch's do. */
export const maximum = binary("maximum", {
  f: "nanMax(a, b)",
  grads: ["g * shareOfMax(a, b)", "g * shareOfMax(b, a)"],
});
/** Smaller of the two; what is said of `maximum` holds. */
export const minimum = binary("minimum", {
  f: "nanMin(a, b)",
  grads: ["g * shareOfMax(b, a)", "g * shareOfMax(a, b)"],
});
