/** One-input elementwise ops, and dropout by a given mask. */
import { type Attrs, numberOf, numberOr, type Reference, zeros } from "./ref.ts";

interface Rule {
  value(x: number, attrs: Attrs): number;
  slope(x: number, attrs: Attrs): number;
}

export const sigmoid = (x: number): number => {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const e = Math.exp(x);
  return e / (1 + e);
};
export const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

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
