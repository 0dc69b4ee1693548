/** T1 for the losses of test/reference/landmark-losses.ts. */
import { diceParts, spreads } from "../reference/landmark-losses.ts";
import { softmaxParts } from "../reference/norm.ts";
import { numberOf, type Ref, sizeOf } from "../reference/ref.ts";
import type { Situation, ToleranceRule } from "./tolerance.ts";
import { logErrors, mayBeFlushed } from "./tolerance-soft.ts";
import { peak } from "./tolerance-sums.ts";

/** [N, C, ...]: the place [N, ...] of entry i, and the reduction's factor. */
function places(z: Ref, reduction: unknown) {
  const [n, classes] = z.shape;
  const inner = sizeOf(z.shape.slice(2));
  const factor = reduction === "mean" ? 1 / (n * inner) : reduction === "batchmean" ? 1 / n : 1;
  return { count: n * inner, factor, place: (i: number) => Math.floor(i / (classes * inner)) * inner + (i % inner) };
}

const crossEntropyRule: ToleranceRule = {
  // Each log-softmax's error weighted by its target, and the rounding of the sum of the products; then the sum of all places.
  forward({ inputs: [z, y], attrs, u, t }) {
    const { count, factor, place } = places(z, attrs.reduction);
    const { log } = softmaxParts(z, [1]);
    const errors = logErrors(z, [1], t);
    const weighted = new Float64Array(count);
    const tops = new Float64Array(count);
    for (let i = 0; i < log.length; i++) {
      weighted[place(i)] += errors[i] * Math.abs(y.data[i]);
      tops[place(i)] = Math.max(tops[place(i)], Math.abs(log[i] * y.data[i]));
    }
    const each = weighted.map((e, i) => e + u * Math.sqrt(z.shape[1]) * tops[i]);
    if (attrs.reduction === "none") return each;
    return factor * Math.sqrt(count) * each.reduce((a, b) => Math.max(a, b), 0);
  },
  // p * (sum of targets) - target: two terms, with p's three steps.
  grad({ inputs: [z, y], attrs, gradOut, t }) {
    const { count, factor, place } = places(z, attrs.reduction);
    const { p, group, total } = softmaxParts(z, [1]);
    const mass = new Float64Array(count);
    for (let i = 0; i < p.length; i++) mass[place(i)] += y.data[i];
    const g = (i: number) => Math.abs(attrs.reduction === "none" ? gradOut.data[place(i)] : factor * gradOut.data[0]);
    // exp(z - largest) is what may be subnormal, before the division by its sum.
    const part = (v: number, i: number) => (mayBeFlushed(v * total[group[i]]) ? 1 : 3 * Math.SQRT2 * t);
    return p.map((v, i) => part(v, i) * g(i) * Math.max(v * mass[place(i)], y.data[i]));
  },
};

const logDiceRule: ToleranceRule = {
  // Sums of numbers that are not negative, and their quotient: 3 u of the mean, which is 3 u in its logarithm, and that one's t.
  forward({ inputs, attrs, u, t }) {
    const { mean, classes } = diceParts(inputs, attrs);
    const errors = mean.map((m, c) => Math.abs(inputs[2].data[c]) * (3 * u + t * Math.abs(Math.log(m))));
    return Math.sqrt(classes) * errors.reduce((a, b) => Math.max(a, b), 0);
  },
  // weight / (mean N) * (2 t / below - 2 p above / below^2): two terms, each with the errors of three sums.
  grad({ inputs, attrs, gradOut, u }) {
    const { n, classes, size, above, below, mean } = diceParts(inputs, attrs);
    const [p, t, w] = inputs;
    return p.data.map((v, i) => {
      const map = Math.floor(i / size);
      const c = map % classes;
      const terms = Math.max((2 * t.data[i]) / below[map], (2 * v * above[map]) / below[map] ** 2);
      return (3 * Math.SQRT2 * u * Math.abs(gradOut.data[0] * w.data[c]) * terms) / (mean[c] * n);
    });
  },
};

const ohkmRule: ToleranceRule = {
  forward({ inputs: [x], attrs, u }) {
    const terms = x.shape[0] * Math.min(numberOf(attrs, "top"), x.shape[1]);
    return (u * Math.sqrt(terms) * peak(x)) / terms;
  },
  grad: ({ want, u }) => want.data.map((v) => u * Math.abs(v)),
};

/** Of each map and axis: the error of the mean place, and of the variance at that place; sums of K products each. */
function spreadErrors({ inputs: [p], u }: Situation) {
  const parts = spreads(p);
  const { size, at, total, mean } = parts;
  const centre = new Float64Array(mean.length);
  const variance = new Float64Array(mean.length);
  for (let i = 0; i < p.data.length; i++) {
    const map = Math.floor(i / size);
    at(i).forEach((place, axis) => {
      const to = 2 * map + axis;
      const share = (u * Math.sqrt(size) * p.data[i]) / total[map];
      centre[to] = Math.max(centre[to], share * place);
      variance[to] = Math.max(variance[to], share * (place - mean[to]) ** 2);
    });
  }
  return { ...parts, centre, errors: variance.map((v, i) => v + centre[i] ** 2) };
}

const heatmapVarianceRule: ToleranceRule = {
  // A wrong mean adds its square: the first order cancels.
  forward: (s) => spreadErrors(s).errors,
  // Along each axis g (d^2 - variance) / sum: d^2 with twice the error of d, and the variance's.
  grad(s) {
    const { size, at, total, mean, centre, errors } = spreadErrors(s);
    return s.inputs[0].data.map((_, i) => {
      const map = Math.floor(i / size);
      const parts = at(i).map((place, axis) => {
        const to = 2 * map + axis;
        const d = Math.abs(place - mean[to]);
        return Math.abs(s.gradOut.data[to]) * (s.u * d * d + 2 * d * centre[to] + errors[to]);
      });
      return (Math.SQRT2 * Math.max(...parts)) / total[map];
    });
  },
};

export const landmarkLossRules: Readonly<Record<string, ToleranceRule>> = {
  cross_entropy: crossEntropyRule,
  log_dice: logDiceRule,
  ohkm: ohkmRule,
  heatmap_variance: heatmapVarianceRule,
};
