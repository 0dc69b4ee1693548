/** T1 for the ops that are sums of products: reductions, matmul, conv2d, pooling, upsampling. */
import { eachCell } from "../reference/adaptive-pool.ts";
import { matmulPlan } from "../reference/matmul.ts";
import { eachWindow, poolDivisor } from "../reference/pool.ts";
import { groupsFor } from "../reference/reduce.ts";
import { type Attrs, numberOf, numbersOf, type Ref } from "../reference/ref.ts";
import { axisTaps } from "../reference/upsample.ts";
import type { GradSituation, Situation, Tolerance, ToleranceRule } from "./tolerance.ts";
import { exact } from "./tolerance-pointwise.ts";

export const peak = (x: Ref): number => x.data.reduce((m, v) => Math.max(m, Math.abs(v)), 0);

/** Largest |value| in each group. */
export function groupPeaks(values: Float64Array, group: Int32Array, count: number): Float64Array {
  const out = new Float64Array(count);
  for (let i = 0; i < values.length; i++) out[group[i]] = Math.max(out[group[i]], Math.abs(values[i]));
  return out;
}

const ownPart = ({ want, u }: Situation): Float64Array => want.data.map((v) => u * Math.abs(v));

/** u * sqrt(K) * largest of the K terms, times `weight` (1 for a sum, 1/K for a mean). */
const reduction =
  (weight: (length: number) => number) =>
  ({ inputs: [x], attrs, want, u }: Situation): Float64Array => {
    const { group, length } = groupsFor(x, attrs);
    return groupPeaks(x.data, group, want.data.length).map((m) => u * Math.sqrt(length) * m * weight(length));
  };

const varianceRule: ToleranceRule = {
  // A sum of K squares d^2 / (K - correction), d = x - mean; a rounded mean only shifts every d alike, which cancels.
  forward({ inputs: [x], attrs, want, u }) {
    const { group, length } = groupsFor(x, attrs);
    const means = new Float64Array(want.data.length);
    for (let i = 0; i < x.data.length; i++) means[group[i]] += x.data[i] / length;
    const peaks = groupPeaks(
      x.data.map((v, i) => v - means[group[i]]),
      group,
      want.data.length,
    );
    return peaks.map((d) => (u * Math.sqrt(length) * d * d) / (length - numberOf(attrs, "correction")));
  },
  // g * 2 (x - mean) / (K - correction): x - mean is a sum of terms up to the largest |x| of its group.
  grad({ inputs: [x], attrs, gradOut, u }) {
    const { group, length } = groupsFor(x, attrs);
    const peaks = groupPeaks(x.data, group, gradOut.data.length);
    const divisor = length - numberOf(attrs, "correction");
    return x.data.map((_, i) => (u * Math.SQRT2 * 2 * Math.abs(gradOut.data[group[i]]) * peaks[group[i]]) / divisor);
  },
};

const matmulRule: ToleranceRule = {
  forward({ inputs: [a, b], attrs, u }) {
    return u * Math.sqrt(matmulPlan(a.shape, b.shape, attrs).inner) * peak(a) * peak(b);
  },
  // Sums over the other side's free axis and over the batches this side was broadcast to.
  grad({ inputs, input, attrs, gradOut, want, u }) {
    const { rows, columns, inner, fromA } = matmulPlan(inputs[0].shape, inputs[1].shape, attrs);
    const [own, free] = input === 0 ? [rows * inner, columns] : [inner * columns, rows];
    const batches = want.data.length > 0 ? fromA.length / (want.data.length / own) : 0;
    return u * Math.sqrt(free * batches) * peak(gradOut) * peak(inputs[1 - input]);
  },
};

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

/** How many windows along one axis an element can lie in. */
export const overlap = (kernel: number, stride: number, dilation: number, windows: number): number =>
  Math.min(windows, Math.ceil(kernel / (stride / gcd(stride, dilation))));

function overlaps(attrs: Attrs, kernel: readonly number[], out: Ref): number {
  const stride = numbersOf(attrs, "stride");
  const dilation = attrs.dilation === undefined ? kernel.map(() => 1) : numbersOf(attrs, "dilation");
  return kernel.reduce((n, k, i) => n * overlap(k, stride[i], dilation[i], out.shape[2 + i]), 1);
}

const convRule: ToleranceRule = {
  // C/groups * kH * kW products, and the bias as one more term.
  forward({ inputs: [x, w, bias], u }) {
    const terms = w.shape[1] * w.shape[2] * w.shape[3] + (bias ? 1 : 0);
    return u * Math.sqrt(terms) * Math.max(peak(x) * peak(w), bias ? peak(bias) : 0);
  },
  grad({ inputs: [x, w], input, attrs, gradOut, u }) {
    const [n, o, oh, ow] = gradOut.shape;
    const g = peak(gradOut);
    if (input === 0)
      return u * Math.sqrt((o / numberOf(attrs, "groups")) * overlaps(attrs, w.shape.slice(2), gradOut)) * g * peak(w);
    return u * Math.sqrt(n * oh * ow) * g * (input === 1 ? peak(x) : 1);
  },
};

/** A sum of at most `terms` incoming gradients times `factor`; one alone is a copy. */
const gathered = (terms: number, { gradOut, u }: GradSituation, factor = 1): Tolerance =>
  terms <= 1 && factor === 1 ? 0 : u * Math.sqrt(terms) * peak(gradOut) * factor;

const maxPoolRule: ToleranceRule = {
  forward: () => 0,
  grad: (s) => gathered(overlaps(s.attrs, numbersOf(s.attrs, "kernel"), s.gradOut), s),
};

const avgPoolRule: ToleranceRule = {
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

const adaptiveRule: ToleranceRule = {
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
function shares(op: string, from: number, to: number, corners: boolean): number {
  const counts = new Array<number>(from).fill(0);
  for (const taps of axisTaps(op, from, to, corners)) for (const tap of taps) if (tap.weight > 0) counts[tap.from]++;
  return Math.max(0, ...counts);
}

const upsampleRule = (op: string): ToleranceRule => ({
  // Nearest copies; bilinear sums four products with weights up to 1.
  forward: ({ inputs: [x], u }) => (op === "upsample_nearest2d" ? 0 : u * 2 * peak(x)),
  grad(s) {
    const [, , h, w] = s.inputs[0].shape;
    const [oh, ow] = numbersOf(s.attrs, "size");
    const corners = s.attrs.align_corners === true;
    const terms = shares(op, h, oh, corners) * shares(op, w, ow, corners);
    return op === "upsample_nearest2d" ? gathered(terms, s) : s.u * Math.sqrt(terms) * peak(s.gradOut);
  },
});

export const sumRules: Readonly<Record<string, ToleranceRule>> = {
  sum: { forward: reduction(() => 1), grad: exact.grad },
  mean: { forward: reduction((length) => 1 / length), grad: ownPart },
  // The gradient is divided among ties.
  max: { forward: exact.forward, grad: ownPart },
  min: { forward: exact.forward, grad: ownPart },
  variance: varianceRule,
  matmul: matmulRule,
  conv2d: convRule,
  max_pool1d: maxPoolRule,
  avg_pool1d: avgPoolRule,
  max_pool2d: maxPoolRule,
  avg_pool2d: avgPoolRule,
  max_pool3d: maxPoolRule,
  avg_pool3d: avgPoolRule,
  adaptive_avg_pool1d: adaptiveRule,
  adaptive_avg_pool2d: adaptiveRule,
  adaptive_avg_pool3d: adaptiveRule,
  upsample_nearest2d: upsampleRule("upsample_nearest2d"),
  upsample_bilinear2d: upsampleRule("upsample_bilinear2d"),
};
