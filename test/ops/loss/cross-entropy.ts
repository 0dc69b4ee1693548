import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { type Attrs, type Ref, type Reference, ref, sizeOf } from "../common/ref.ts";
import { softmaxParts } from "../common/reference/norm.ts";
import { type Draws, refused, row, type SampleTable, show } from "../common/sample.ts";
import { classShapes, configured } from "../common/samples/landmark-losses.ts";
import { logErrors, mayBeFlushed } from "../common/tolerance/soft.ts";
import type { ToleranceRule } from "../common/tolerance.ts";

type Shape = readonly number[];

/** The factor of each place's term [N, ...] for the reduction, and how places follow from entries of [N, C, ...]. */
function places(z: Ref, attrs: Attrs) {
  const [n, classes] = z.shape;
  const inner = sizeOf(z.shape.slice(2));
  const count = n * inner;
  const factor = attrs.reduction === "mean" ? 1 / count : attrs.reduction === "batchmean" ? 1 / n : 1;
  const place = (i: number): number => Math.floor(i / (classes * inner)) * inner + (i % inner);
  return { shape: [n, ...z.shape.slice(2)], count, factor, place };
}

/** logits and targets [N, C, ...]: -sum over C of target * log_softmax(logits). attrs { reduction }. */
const reference: Reference = {
  forward([z, y], attrs) {
    const { shape, count, factor, place } = places(z, attrs);
    const { log } = softmaxParts(z, [1]);
    const terms = new Float64Array(count);
    for (let i = 0; i < log.length; i++) terms[place(i)] -= y.data[i] * log[i];
    if (attrs.reduction === "none") return ref(shape, terms);
    return ref([], [factor * terms.reduce((a, b) => a + b, 0)]);
  },
  backward([z, y], attrs, gradOut) {
    const { count, factor, place } = places(z, attrs);
    const { p } = softmaxParts(z, [1]);
    const mass = new Float64Array(count);
    for (let i = 0; i < p.length; i++) mass[place(i)] += y.data[i];
    const g = (i: number): number => (attrs.reduction === "none" ? gradOut.data[place(i)] : factor * gradOut.data[0]);
    return [
      ref(
        z.shape,
        p.map((v, i) => g(i) * (v * mass[place(i)] - y.data[i])),
      ),
      null,
    ];
  },
};

const tolerance: ToleranceRule = {
  // Each log-softmax's error weighted by its target, and the rounding of the sum of the products; then the sum of all places.
  forward({ inputs: [z, y], attrs, u, t }) {
    const { count, factor, place } = places(z, attrs);
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
    const { count, factor, place } = places(z, attrs);
    const { p, group, total } = softmaxParts(z, [1]);
    const mass = new Float64Array(count);
    for (let i = 0; i < p.length; i++) mass[place(i)] += y.data[i];
    const g = (i: number) => Math.abs(attrs.reduction === "none" ? gradOut.data[place(i)] : factor * gradOut.data[0]);
    // exp(z - largest) is what may be subnormal, before the division by its sum.
    const part = (v: number, i: number) => (mayBeFlushed(v * total[group[i]]) ? 1 : 3 * Math.SQRT2 * t);
    return p.map((v, i) => part(v, i) * g(i) * Math.max(v * mass[place(i)], y.data[i]));
  },
};

const reductions = ["mean", "sum", "none", "batchmean"];

/** Shares of each place: soft, one-hot, or with places that have none and others with more than 1. */
const targets = (d: Draws, shape: Shape, i: number): Ref =>
  i % 2 === 0 ? d.uniform(shape, 0, 1) : d.zerosAndOnes(shape, 0.4);

const samples: SampleTable = {
  rows: [
    ...classShapes.map((shape, i) =>
      row("cross_entropy", `${show(shape)} ${reductions[i % 4]}`, (d) => ({
        inputs: [d.uniform(shape, -4, 4), targets(d, shape, i)],
        attrs: { reduction: reductions[i % 4] },
      })),
    ),
    row("cross_entropy", "large logits", (d) => ({
      inputs: [d.uniform([5, 17], 480, 500), d.uniform([5, 17], 0, 1)],
      attrs: { reduction: "mean" },
    })),
    row("cross_entropy", "no samples", (d) => ({
      inputs: [d.uniform([0, 3]), d.uniform([0, 3])],
      attrs: { reduction: "sum" },
    })),
  ],
  errors: [
    refused(
      "shapes differ",
      [
        [2, 3],
        [2, 4],
      ],
      { reduction: "mean" },
      "cross_entropy",
      "[2, 3]",
      "[2, 4]",
    ),
    refused("no classes", [[3], [3]], { reduction: "mean" }, "crossEntropy: the logits are [3]", "[N, C, ...]"),
    configured(
      "no such reduction",
      [
        [2, 3],
        [2, 3],
      ],
      { reduction: "max" },
      "crossEntropy: reduction is max",
    ),
  ],
};

export const op: OpTest = {
  name: "cross_entropy",
  call: ([x, y], a) => T.crossEntropy(x, y, a),
  reference,
  samples,
  tolerance,
};
