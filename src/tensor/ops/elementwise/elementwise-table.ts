import type { Constants } from "../../../kernels/elementwise/map.ts";

/**
 * The elementwise ops, a row each. `f` is the WGSL expression of the value, `grads` those of the gradients; in them `a`
 * and `b` are the inputs, `y` the output, `g` the incoming gradient, `p0` and `p1` the constants. A gradient may name what
 * it needs through `uses`, so that nothing else is kept for backward. Helper functions: wgsl/lib/math.wgsl and, for one
 * input, wgsl/lib/curves.wgsl.
 */
export interface UnaryRow {
  readonly f: string;
  /** Gradient from g and v, where v is the input ("a") or the output ("y"); "g": neither is needed. Null: it has none. */
  readonly grad: string | null;
  readonly uses: "a" | "y" | "g";
  /** Attributes to the expression's constants. */
  readonly constants?: (attrs: Record<string, number>) => Constants;
}

export const unaryTable = {
  neg: { f: "-a", grad: "-g", uses: "g" },
  abs: { f: "abs(a)", grad: "g * sign(v)", uses: "a" },
  square: { f: "a * a", grad: "g * 2.0 * v", uses: "a" },
  exp: { f: "exp(a)", grad: "g * v", uses: "y" },
  log: { f: "log(a)", grad: "g / v", uses: "a" },
  sqrt: { f: "sqrt(a)", grad: "g * 0.5 / v", uses: "y" },
  // From the input, not the output: 1 - y has no digits left where y is nearly 1.
  sigmoid: { f: "logistic(a)", grad: "g * logistic(v) * logistic(-v)", uses: "a" },
  tanh: { f: "hyperbolicTangent(a)", grad: "g * 4.0 * logistic(2.0 * v) * logistic(-2.0 * v)", uses: "a" },
  relu: { f: "nanMax(a, 0.0)", grad: "select(0.0, g, v > 0.0)", uses: "y" },
  leaky_relu: {
    f: "select(p0 * a, a, a > 0.0)",
    grad: "select(p0 * g, g, v > 0.0)",
    uses: "a",
    constants: (t) => [t.negative_slope, 0],
  },
  silu: { f: "a * logistic(a)", grad: "g * logistic(v) * (1.0 + v * logistic(-v))", uses: "a" },
  softplus: { f: "softplus(a)", grad: "g * logistic(v)", uses: "a" },
  clamp: {
    f: "select(clamp(a, p0, p1), a, isNan(a))",
    grad: "select(0.0, g, v >= p0 && v <= p1)",
    uses: "a",
    constants: (t) => [t.min, t.max],
  },
  sign: { f: "select(sign(a), a, isNan(a))", grad: null, uses: "g" },
  hard_step: {
    f: "select(0.0, 1.0, a > p0 && !isNan(a))",
    grad: null,
    uses: "g",
    constants: (t) => [t.threshold, 0],
  },
  rsqrt: { f: "inverseSqrt(a)", grad: "g * -0.5 * v * v * v", uses: "y" },
  sin: { f: "sine(a)", grad: "g * cosine(v)", uses: "a" },
  cos: { f: "cosine(a)", grad: "-g * sine(v)", uses: "a" },
  elu: {
    f: "select(p0 * expMinusOne(a), a, a > 0.0)",
    grad: "select(g * p0 * exp(min(v, 0.0)), g, v > 0.0)",
    uses: "a",
    constants: (t) => [t.alpha, 0],
  },
  gelu: { f: "gelu(a)", grad: "g * geluSlope(v)", uses: "a" },
  gelu_tanh: { f: "geluTanh(a)", grad: "g * geluTanhSlope(v)", uses: "a" },
} as const satisfies Record<string, UnaryRow>;

export interface BinaryRow {
  readonly f: string;
  /** Gradients of a and of b from g, a, b; the constant "g" or "-g" needs no input kept. */
  readonly grads: readonly [string, string];
}

export const binaryTable = {
  add: { f: "a + b", grads: ["g", "g"] },
  sub: { f: "a - b", grads: ["g", "-g"] },
  mul: { f: "a * b", grads: ["g * b", "g * a"] },
  div: { f: "a / b", grads: ["g / b", "-(g * a / b) / b"] },
  pow: {
    f: "realPow(a, b)",
    grads: [
      "select(g * b * realPow(a, b - 1.0), 0.0, b == 0.0)",
      "select(g * realPow(a, b) * log(a), 0.0, a <= 0.0 && b >= 0.0)",
    ],
  },
  // Ties share the gradient half and half, as PyTorch's maximum and minimum do.
  maximum: {
    f: "nanMax(a, b)",
    grads: ["g * select(select(0.0, 0.5, a == b), 1.0, a > b)", "g * select(select(0.0, 0.5, a == b), 1.0, b > a)"],
  },
  minimum: {
    f: "nanMin(a, b)",
    grads: ["g * select(select(0.0, 0.5, a == b), 1.0, a < b)", "g * select(select(0.0, 0.5, a == b), 1.0, b < a)"],
  },
} as const satisfies Record<string, BinaryRow>;

export type UnaryName = keyof typeof unaryTable;
export type BinaryName = keyof typeof binaryTable;
