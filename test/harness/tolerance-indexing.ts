/** T1 for comparisons, running sums, what indices name, and what only rearranges. */
import { axisOf, cornerOf, eachLine, named } from "../reference/indexing.ts";
import { broadcastMap, type Ref, sizeOf } from "../reference/ref.ts";
import type { GradSituation, Situation, Tolerance, ToleranceRule } from "./tolerance.ts";
import { exact } from "./tolerance-pointwise.ts";

/** u * sqrt(K) * largest of the K terms that meet at a place; one alone is a copy. Each of `terms` goes to the place in `at`. */
function meeting(terms: ArrayLike<number>, at: ArrayLike<number>, base: ArrayLike<number> | number, u: number) {
  const count = typeof base === "number" ? new Float64Array(base) : Float64Array.from(base, () => 1);
  const top = typeof base === "number" ? new Float64Array(base) : Float64Array.from(base, Math.abs);
  for (let i = 0; i < at.length; i++) {
    count[at[i]]++;
    top[at[i]] = Math.max(top[at[i]], Math.abs(terms[i]));
  }
  return count.map((k, i) => (k <= 1 ? 0 : u * Math.sqrt(k) * top[i]));
}

const where: ToleranceRule = {
  forward: () => 0,
  // Sums over what a side was broadcast to, of the gradients that were its own.
  grad({ inputs, input, want, gradOut, u }) {
    const condition = broadcastMap(inputs[0].shape, gradOut.shape);
    const own = gradOut.data.map((g, i) => ((inputs[0].data[condition[i]] !== 0) === (input === 1) ? g : 0));
    return meeting(own, broadcastMap(want.shape, gradOut.shape), want.data.length, u);
  },
};

/** A running sum of K entries: u * sqrt(K) * the largest of them. */
const running = (x: Ref, s: Situation, reverse: boolean): Tolerance => {
  const out = new Float64Array(x.data.length);
  eachLine(x.shape, axisOf(s.attrs, x.shape.length), (places) => {
    let top = 0;
    (reverse ? [...places].reverse() : places).forEach((p, i) => {
      top = Math.max(top, Math.abs(x.data[p]));
      out[p] = i === 0 ? 0 : s.u * Math.sqrt(i + 1) * top;
    });
  });
  return out;
};

/** What is taken is a copy; a place that was taken K times gathers K gradients. */
const selecting = (op: string, x: 0 | 1): ToleranceRule => ({
  forward: () => 0,
  grad: ({ inputs, attrs, gradOut, want, u }: GradSituation) =>
    meeting(gradOut.data, named(op, want.shape, inputs[1 - x], attrs).at, want.data.length, u),
});

const scatterAdd: ToleranceRule = {
  forward({ inputs: [x, index, src], attrs, u }) {
    const from = cornerOf(index.shape, src.shape);
    const terms = Float64Array.from(from, (i) => src.data[i]);
    return meeting(terms, named("scatter_add", x.shape, index, attrs).at, x.data, u);
  },
  grad: () => 0,
};

/** The gradient of what repeats is a sum over its copies. */
const copied = (place: (s: GradSituation) => Int32Array): ToleranceRule => ({
  forward: () => 0,
  grad: (s) => meeting(s.gradOut.data, place(s), sizeOf(s.want.shape), s.u),
});

const repeated = ({ inputs: [x], gradOut }: GradSituation): Int32Array => {
  const lead = gradOut.shape.length - x.shape.length;
  const at = new Int32Array(gradOut.data.length);
  const rest = gradOut.shape.map((_, d) => sizeOf(gradOut.shape.slice(d + 1)));
  for (let i = 0; i < at.length; i++)
    at[i] = x.shape.reduce((sum, n, d) => {
      const index = Math.floor(i / rest[d + lead]) % gradOut.shape[d + lead];
      return sum * n + (index % n);
    }, 0);
  return at;
};

export const indexingRules: Readonly<Record<string, ToleranceRule>> = {
  eq: exact,
  ne: exact,
  lt: exact,
  le: exact,
  gt: exact,
  ge: exact,
  where,
  argmax: exact,
  argmin: exact,
  cumsum: {
    forward: (s) => running(s.inputs[0], s, false),
    grad: (s) => running(s.gradOut, s, true),
  },
  gather: selecting("gather", 0),
  index_select: selecting("index_select", 0),
  embedding: selecting("embedding", 1),
  scatter_add: scatterAdd,
  one_hot: exact,
  flip: exact,
  roll: exact,
  split: exact,
  stack: exact,
  squeeze: exact,
  unsqueeze: exact,
  broadcast_to: copied(({ inputs: [x], gradOut }) => broadcastMap(x.shape, gradOut.shape)),
  repeat: copied(repeated),
};
