import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import type { Attrs } from "../common/ref.ts";
import { erfc } from "../common/reference/erf.ts";
import { sigmoid, unaryReference } from "../common/reference/unary.ts";
import { anyShapes, row, show } from "../common/sample.ts";
import type { ToleranceRule } from "../common/tolerance.ts";

/** Share of the normal distribution below x, and its density. */
const normalBelow = (x: number): number => erfc(-x / Math.SQRT2) / 2;

const normalDensity = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);

/** The tanh form of gelu is x sigmoid(inner(x)). */
const inner = (x: number): number => 2 * Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3);

/** The two terms of the slope of gelu. */
function geluTerms(x: number, attrs: Attrs): [number, number] {
  if (attrs.approximate !== "tanh") return [normalBelow(x), x * normalDensity(x)];
  const bend = sigmoid(inner(x)) * sigmoid(-inner(x));
  return [sigmoid(inner(x)), x * bend * 2 * Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x * x)];
}

/**
 * The tanh form is x sigmoid(b), b = 2 sqrt(2 / pi) (x + 0.044715 x^3): a sum of two, so b may be off by u sqrt(2) * the larger
 * of them, and what is made of it by that times its own derivative. The other form has no such step.
 */
const geluInner = (x: number, attrs: Attrs, u: number): number =>
  attrs.approximate === "tanh"
    ? u * Math.SQRT2 * 2 * Math.sqrt(2 / Math.PI) * Math.max(Math.abs(x), 0.044715 * Math.abs(x) ** 3)
    : 0;

const tolerance: ToleranceRule = {
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

export const op: OpTest = {
  name: "gelu",
  call: ([x], a) => T.gelu(x, { approximate: a.approximate }),
  reference: unaryReference({
    value: (x, attrs) => x * geluTerms(x, attrs)[0],
    slope: (x, attrs) => geluTerms(x, attrs)[0] + geluTerms(x, attrs)[1],
  }),
  samples: {
    rows: ["none", "tanh"].flatMap((approximate) =>
      anyShapes.map((s) =>
        row("gelu", `${show(s)} ${approximate}`, (d) => ({ inputs: [d.uniform(s, -6, 6)], attrs: { approximate } })),
      ),
    ),
    errors: [],
  },
  tolerance,
};
