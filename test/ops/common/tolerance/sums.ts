/** T1 for the ops that are sums of products: reductions, pooling, upsampling. */
import { type Attrs, numbersOf, type Ref } from "../ref.ts";
import { eachCell } from "../reference/adaptive-pool.ts";
import { eachWindow, poolDivisor } from "../reference/pool.ts";
import { groupsFor } from "../reference/reduce.ts";
import { axisTaps } from "../reference/upsample.ts";
import type { GradSituation, Situation, Tolerance, ToleranceRule } from "../tolerance.ts";

export const peak = (x: Ref): number => x.data.reduce((m, v) => Math.max(m, Math.abs(v)), 0);

/** Largest |value| in each group. */
export function groupPeaks(values: Float64Array, group: Int32Array, count: number): Float64Array {
  const out = new Float64Array(count);
  for (let i = 0; i < values.length; i++) out[group[i]] = Math.max(out[group[i]], Math.abs(values[i]));
  return out;
}

export const ownPart = ({ want, u }: Situation): Float64Array => want.data.map((v) => u * Math.abs(v));

/** u * sqrt(K) * largest of the K terms, times `weight` (1 for a sum, 1/K for a mean). */
export const reduction =
  (weight: (length: number) => number) =>
  ({ inputs: [x], attrs, want, u }: Situation): Float64Array => {
    const { group, length } = groupsFor(x, attrs);
    return groupPeaks(x.data, group, want.data.length).map((m) => u * Math.sqrt(length) * m * weight(length));
  };

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

/** How many windows along one axis an element can lie in. */
export const overlap = (kernel: number, stride: number, dilation: number, windows: number): number =>
  Math.min(windows, Math.ceil(kernel / (stride / gcd(stride, dilation))));

export function overlaps(attrs: Attrs, kernel: readonly number[], out: Ref): number {
  const stride = numbersOf(attrs, "stride");
  const dilation = attrs.dilation === undefined ? kernel.map(() => 1) : numbersOf(attrs, "dilation");
  return kernel.reduce((n, k, i) => n * overlap(k, stride[i], dilation[i], out.shape[2 + i]), 1);
}

/** A sum of at most `terms` incoming gradients times `factor`; one alone is a copy. */
const gathered = (terms: number, { gradOut, u }: GradSituation, factor = 1): Tolerance =>
  terms <= 1 && factor === 1 ? 0 : u * Math.sqrt(terms) * peak(gradOut) * factor;

export const maxPoolRule: ToleranceRule = {
  forward: () => 0,
  grad: (s) => gathered(overlaps(s.attrs, numbersOf(s.attrs, "kernel"), s.gradOut), s),
};

export const avgPoolRule: ToleranceRule = {
  forward({ inputs: [x], attrs, want, u }) {
    const out = new Float64Array(want.data.length);
    eachWindow(x.shape, attrs, (window) => {
      const top = window.inside.reduce((m, at) => Math.max(m, Math.abs(x.data[at])), 0);
      out[window.out] = (u * Math.sqrt(window.inside.length) * top) / Math.abs(poolDivisor(attrs, window));
    });
    return out;
  },
  grad(s) {
    let factor = 0;
    let divides = false; // a quotient is rounded even where another window has one pixel and so the largest factor, 1
    eachWindow(s.inputs[0].shape, s.attrs, (window) => {
      const divisor = poolDivisor(s.attrs, window);
      factor = Math.max(factor, 1 / Math.abs(divisor));
      divides ||= divisor !== 1;
    });
    const terms = overlaps(s.attrs, numbersOf(s.attrs, "kernel"), s.gradOut);
    return divides ? s.u * Math.sqrt(terms) * peak(s.gradOut) * factor : gathered(terms, s);
  },
};

export const adaptiveRule: ToleranceRule = {
  // A mean of K: u * sqrt(K) * the largest of them / K.
  forward({ inputs: [x], attrs, want, u }) {
    const out = new Float64Array(want.data.length);
    eachCell(x.shape, attrs, (at, inside) => {
      const top = inside.reduce((m, from) => Math.max(m, Math.abs(x.data[from])), 0);
      out[at] = (u * top) / Math.sqrt(inside.length);
    });
    return out;
  },
  // A sum over the cells that hold the input, each incoming gradient divided by its cell's size.
  grad({ inputs: [x], attrs, gradOut, u }) {
    const terms = new Float64Array(x.data.length);
    const top = new Float64Array(x.data.length);
    eachCell(x.shape, attrs, (at, inside) => {
      for (const from of inside) {
        terms[from]++;
        top[from] = Math.max(top[from], Math.abs(gradOut.data[at]) / inside.length);
      }
    });
    return top.map((v, i) => u * Math.sqrt(terms[i]) * v);
  },
};

/** How many target pixels along one axis a source pixel has a share in, at most. */
function shares(mode: "nearest" | "linear", from: number, to: number, corners: boolean): number {
  const counts = new Array<number>(from).fill(0);
  for (const taps of axisTaps(mode, from, to, corners)) for (const tap of taps) if (tap.weight > 0) counts[tap.from]++;
  return Math.max(0, ...counts);
}

export const upsampleRule = (mode: "nearest" | "linear"): ToleranceRule => ({
  // Nearest copies; bilinear sums four products with weights up to 1.
  forward: ({ inputs: [x], u }) => (mode === "nearest" ? 0 : u * 2 * peak(x)),
  grad(s) {
    const [, , h, w] = s.inputs[0].shape;
    const [oh, ow] = numbersOf(s.attrs, "size");
    const corners = s.attrs.align_corners === true;
    const terms = shares(mode, h, oh, corners) * shares(mode, w, ow, corners);
    return mode === "nearest" ? gathered(terms, s) : s.u * Math.sqrt(terms) * peak(s.gradOut);
  },
});
