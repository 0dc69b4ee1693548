/** T1 for convolutions, and for the ops that copy places to several or add them up. */
import { type Attrs, numberOf, numbersOf } from "../ref.ts";
import { type Spread, spreadCounts } from "../reference/spread.ts";
import type { ToleranceRule } from "../tolerance.ts";
import { overlap, peak } from "./sums.ts";

export const product = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1);

const list = (attrs: Attrs, name: string): number[] =>
  typeof attrs[name] === "number" ? [numberOf(attrs, name)] : numbersOf(attrs, name);

/** How many of `windows` places along each axis an element can have a share in, all axes together. */
export const overlaps = (attrs: Attrs, kernel: readonly number[], windows: readonly number[]): number => {
  const stride = list(attrs, "stride");
  const dilation = list(attrs, "dilation");
  return product(kernel.map((k, i) => overlap(k, stride[i], dilation[i], windows[i])));
};

export const convRule: ToleranceRule = {
  // C/groups * kernel products, and the bias as one more term.
  forward({ inputs: [x, w, bias], u }) {
    const terms = product(w.shape.slice(1)) + (bias ? 1 : 0);
    return u * Math.sqrt(terms) * Math.max(peak(x) * peak(w), bias ? peak(bias) : 0);
  },
  grad({ inputs: [x, w], input, attrs, gradOut, u }) {
    const [n, o, ...places] = gradOut.shape;
    const g = peak(gradOut);
    if (input === 0) {
      const terms = (o / numberOf(attrs, "groups")) * overlaps(attrs, w.shape.slice(2), places);
      return u * Math.sqrt(terms) * g * peak(w);
    }
    return u * Math.sqrt(n * product(places)) * g * (input === 1 ? peak(x) : 1);
  },
};

/** A sum of K values is u * sqrt(K) * the largest of all; one value alone is a copy, none is 0: both exact. */
const sums = (counts: Float64Array, u: number, top: number): Float64Array =>
  counts.map((k) => (k <= 1 ? 0 : u * Math.sqrt(k) * top));

export const spreadRule = (spread: Spread): ToleranceRule => ({
  forward: ({ inputs: [x], attrs, u }) => sums(spreadCounts(spread, x.shape, attrs).into, u, peak(x)),
  grad: ({ inputs: [x], attrs, gradOut, u }) => sums(spreadCounts(spread, x.shape, attrs).from, u, peak(gradOut)),
});
