/** One-input elementwise ops, and dropout by a given mask. */
import { type Attrs, numberOf, numberOr, type Reference, zeros } from "./ref.ts";

interface Rule {
  value(x: number, attrs: Attrs): number;
  /** Left out: the op has no gradient. */
  slope?(x: number, attrs: Attrs): number;
}

export const sigmoid = (x: number): number => {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const e = Math.exp(x);
  return e / (1 + e);
};
export const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** erfc(x), as a part of its own size: the series of erf where that is small, the continued fraction (Lentz) beyond. */
function erfc(x: number): number {
  if (x < 0) return 2 - erfc(-x);
  if (x < 2) {
    let term = x;
    let sum = x;
    for (let n = 1; n < 80; n++) {
      term *= (2 * x * x) / (2 * n + 1);
      sum += term;
    }
    return 1 - (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
  }
  let tail = x;
  for (let k = 200; k >= 1; k--) tail = x + k / 2 / tail;
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / tail;
}
/** Share of the normal distribution below x, and its density. */
const normalBelow = (x: number): number => erfc(-x / Math.SQRT2) / 2;
const normalDensity = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
/** The tanh form of gelu is x sigmoid(inner(x)). */
const inner = (x: number): number => 2 * Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3);
/** The two terms of the slope of gelu. */
export function geluTerms(x: number, attrs: Attrs): [number, number] {
  if (attrs.approximate !== "tanh") return [normalBelow(x), x * normalDensity(x)];
  const bend = sigmoid(inner(x)) * sigmoid(-inner(x));
  return [sigmoid(inner(x)), x * bend * 2 * Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x * x)];
}

/** Where an op has a kink, the slope there is PyTorch's: 0 for abs and relu, negative_slope for leaky_relu, 1 for clamp. */
const rules: Readonly<Record<string, Rule>> = {
  neg: { value: (x) => -x, slope: () => -1 },
  abs: { value: Math.abs, slope: Math.sign },
  square: { value: (x) => x * x, slope: (x) => 2 * x },
  exp: { value: Math.exp, slope: Math.exp },
  log: { value: Math.log, slope: (x) => 1 / x },
  sqrt: { value: Math.sqrt, slope: (x) => 0.5 / Math.sqrt(x) },
  sigmoid: { value: sigmoid, slope: (x) => sigmoid(x) * sigmoid(-x) },
  // 1 - tanh^2 cancels for large x; 4 s(2x) s(-2x) is the same number without the loss.
  tanh: { value: Math.tanh, slope: (x) => 4 * sigmoid(2 * x) * sigmoid(-2 * x) },
  relu: { value: (x) => Math.max(x, 0), slope: (x) => (x > 0 ? 1 : 0) },
  leaky_relu: {
    value: (x, attrs) => (x > 0 ? x : x * numberOf(attrs, "negative_slope")),
    slope: (x, attrs) => (x > 0 ? 1 : numberOf(attrs, "negative_slope")),
  },
  silu: { value: (x) => x * sigmoid(x), slope: (x) => sigmoid(x) * (1 + x * sigmoid(-x)) },
  softplus: { value: softplus, slope: sigmoid },
  clamp: {
    value: (x, attrs) => Math.min(Math.max(x, numberOr(attrs, "min", -Infinity)), numberOr(attrs, "max", Infinity)),
    slope: (x, attrs) => (x >= numberOr(attrs, "min", -Infinity) && x <= numberOr(attrs, "max", Infinity) ? 1 : 0),
  },
  sign: { value: Math.sign },
  hard_step: { value: (x, attrs) => (x > numberOf(attrs, "threshold") ? 1 : 0) },
  rsqrt: { value: (x) => 1 / Math.sqrt(x), slope: (x) => -0.5 * x ** -1.5 },
  sin: { value: Math.sin, slope: Math.cos },
  cos: { value: Math.cos, slope: (x) => -Math.sin(x) },
  elu: {
    value: (x, attrs) => (x > 0 ? x : numberOf(attrs, "alpha") * Math.expm1(x)),
    slope: (x, attrs) => (x > 0 ? 1 : numberOf(attrs, "alpha") * Math.exp(x)),
  },
  gelu: {
    value: (x, attrs) => x * geluTerms(x, attrs)[0],
    slope: (x, attrs) => geluTerms(x, attrs)[0] + geluTerms(x, attrs)[1],
  },
};

const unary = (op: string): Reference => {
  const { value, slope } = rules[op];
  return {
    op,
    forward([x], attrs) {
      const out = zeros(x.shape);
      for (let i = 0; i < x.data.length; i++) out.data[i] = value(x.data[i], attrs);
      return out;
    },
    backward([x], attrs, gradOut) {
      if (!slope) return [null];
      const gx = zeros(x.shape);
      for (let i = 0; i < x.data.length; i++) gx.data[i] = gradOut.data[i] * slope(x.data[i], attrs);
      return [gx];
    },
  };
};

/** y = x * mask / (1 - p). Drawing the mask is the op's own affair; what it does with one is not. */
const dropout: Reference = {
  op: "dropout",
  forward([x, mask], attrs) {
    const keep = 1 - numberOf(attrs, "p");
    const out = zeros(x.shape);
    for (let i = 0; i < x.data.length; i++) out.data[i] = (x.data[i] * mask.data[i]) / keep;
    return out;
  },
  backward([x, mask], attrs, gradOut) {
    const keep = 1 - numberOf(attrs, "p");
    const gx = zeros(x.shape);
    for (let i = 0; i < x.data.length; i++) gx.data[i] = (gradOut.data[i] * mask.data[i]) / keep;
    return [gx, null];
  },
};

export const unaryReferences: readonly Reference[] = [...Object.keys(rules).map(unary), dropout];
