/** T1 for elementwise ops and for those that only move values. */
import { binaryRules } from "../reference/binary.ts";
import { type Attrs, broadcastMap, type Ref, sizeOf } from "../reference/ref.ts";
import { geluTerms, sigmoid } from "../reference/unary.ts";
import type { GradSituation, Situation, Tolerance, ToleranceRule } from "./tolerance.ts";

const relative = (want: Ref, part: number): Float64Array => want.data.map((v) => part * Math.abs(v));

export const exact: ToleranceRule = { forward: () => 0, grad: () => 0 };
const products: ToleranceRule = {
  forward: ({ want, u }) => relative(want, u),
  grad: ({ want, u }) => relative(want, u),
};
const curve: ToleranceRule = { forward: ({ want, t }) => relative(want, t), grad: ({ want, t }) => relative(want, t) };

/**
 * Gradient of one side: the sum, over the K places it was broadcast to, of gradOut * derivative. part * sqrt(K) * the
 * largest term of that sum. With K = 1 and a derivative of 0, 1/2 or 1 it is a copy: exact.
 */
const broadcastGrad =
  (op: string, part: "u" | "t", copies: boolean) =>
  (s: GradSituation): Tolerance => {
    const [a, b] = s.inputs;
    const terms = sizeOf(s.gradOut.shape) / Math.max(1, sizeOf(s.want.shape));
    if (copies && terms <= 1) return 0;
    const slope = s.input === 0 ? binaryRules[op].da : binaryRules[op].db;
    const maps = [broadcastMap(a.shape, s.gradOut.shape), broadcastMap(b.shape, s.gradOut.shape)];
    const out = new Float64Array(s.want.data.length);
    for (let i = 0; i < s.gradOut.data.length; i++) {
      const at = maps[s.input][i];
      const term = Math.abs(s.gradOut.data[i] * slope(a.data[maps[0][i]], b.data[maps[1][i]]));
      out[at] = Math.max(out[at], s[part] * Math.sqrt(terms) * term);
    }
    return out;
  };

/** A sum of two: sqrt(2) * the larger of them. */
const pairSum = ({ inputs: [a, b], want, u }: Situation): Float64Array => {
  const atA = broadcastMap(a.shape, want.shape);
  const atB = broadcastMap(b.shape, want.shape);
  return want.data.map((_, i) => u * Math.SQRT2 * Math.max(Math.abs(a.data[atA[i]]), Math.abs(b.data[atB[i]])));
};

const eachGrad =
  (part: (x: number) => number, roots: number) =>
  ({ inputs: [x], gradOut, t }: GradSituation): Float64Array =>
    gradOut.data.map((g, i) => t * Math.sqrt(roots) * Math.abs(g) * part(x.data[i]));

/**
 * The tanh form is x sigmoid(b), b = 2 sqrt(2 / pi) (x + 0.044715 x^3): a sum of two, so b may be off by u sqrt(2) * the larger
 * of them, and what is made of it by that times its own derivative. The other form has no such step.
 */
const geluInner = (x: number, attrs: Attrs, u: number): number =>
  attrs.approximate === "tanh"
    ? u * Math.SQRT2 * 2 * Math.sqrt(2 / Math.PI) * Math.max(Math.abs(x), 0.044715 * Math.abs(x) ** 3)
    : 0;

const gelu: ToleranceRule = {
  forward: ({ inputs: [x], attrs, want, u, t }) =>
    want.data.map((y, i) => Math.abs(y) * (t + (1 - geluTerms(x.data[i], attrs)[0]) * geluInner(x.data[i], attrs, u))),
  // g times a slope of two terms; that of b acts on the first by its s (1 - s) and on the second by at most itself.
  grad: ({ inputs: [x], attrs, gradOut, u, t }) =>
    gradOut.data.map((g, i) => {
      const [a, b] = geluTerms(x.data[i], attrs);
      const top = t * Math.SQRT2 * Math.max(Math.abs(a), Math.abs(b));
      return Math.abs(g) * (top + (a * (1 - a) + Math.abs(b)) * geluInner(x.data[i], attrs, u));
    }),
};

export const pointwiseRules: Readonly<Record<string, ToleranceRule>> = {
  add: { forward: pairSum, grad: broadcastGrad("add", "u", true) },
  sub: { forward: pairSum, grad: broadcastGrad("sub", "u", true) },
  mul: { forward: products.forward, grad: broadcastGrad("mul", "u", false) },
  div: { forward: products.forward, grad: broadcastGrad("div", "u", false) },
  pow: { forward: curve.forward, grad: broadcastGrad("pow", "t", false) },
  maximum: { forward: () => 0, grad: broadcastGrad("maximum", "u", true) },
  minimum: { forward: () => 0, grad: broadcastGrad("minimum", "u", true) },
  neg: exact,
  abs: exact,
  relu: exact,
  clamp: exact,
  leaky_relu: products,
  square: products,
  sqrt: products,
  dropout: products,
  channel_dropout: products,
  drop_path: products,
  exp: curve,
  log: { forward: curve.forward, grad: products.grad },
  softplus: curve,
  // g s (1 - s): the second factor is a sum of terms up to 1.
  sigmoid: { forward: curve.forward, grad: eachGrad(sigmoid, 1) },
  // g (1 - y^2), likewise.
  tanh: { forward: curve.forward, grad: eachGrad(() => 1, 1) },
  // g s (1 + x - x s): three terms up to max(1, |x|).
  silu: { forward: curve.forward, grad: eachGrad((x) => sigmoid(x) * Math.max(1, Math.abs(x)), 3) },
  sign: exact,
  hard_step: exact,
  rsqrt: products,
  sin: curve,
  cos: curve,
  elu: curve,
  gelu,
  reshape: exact,
  permute: exact,
  slice: exact,
  concat: exact,
  pad: exact,
};
