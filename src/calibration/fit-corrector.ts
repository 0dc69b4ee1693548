import { CholeskyDecomposition, Matrix } from "ml-matrix";
import { DataError } from "../errors.ts";
import type { OrientedBox } from "../geometry/index.ts";
import { rotationOf, sub, type Vec3, vectorFromRotation } from "../geometry/index.ts";
import { apply, multiply, transpose } from "../geometry/mat3.ts";
import { checkOptions, type KeysOf } from "../options.ts";
import { correctorFeatures, slotOf } from "./corrector.ts";
import { estimateBox } from "./estimate.ts";
import { sizeOf } from "./model.ts";
import type { Corrector, LandmarkObservation, Scout, Template } from "./types.ts";

/** A calibration whose answer is known. */
export interface CorrectorSample {
  readonly scouts: readonly Scout[];
  readonly observations: readonly LandmarkObservation[];
  /** The true box, without margins, in the scouts' patient frame. */
  readonly truth: OrientedBox;
  /** Samples of one head share a group: folds never part them, or the score would be of heads already seen. */
  readonly group: string;
}

export interface CorrectorOptions {
  /** Ridge penalties tried, relative to the number of samples. Default 0.01 to 100. */
  readonly ridges?: readonly number[];
  readonly folds?: number;
  readonly anatomicalOnly?: boolean;
}
const correctorKeys: KeysOf<CorrectorOptions> = { ridges: 1, folds: 1, anatomicalOnly: 1 };

/** Cross-validated worth of a corrector. */
export interface CorrectorReport {
  readonly samples: number;
  readonly groups: number;
  /** For each penalty tried, mean square error over that without correction, averaged over the nine outputs. */
  readonly scores: readonly { readonly ridge: number; readonly ratio: number }[];
  /** The penalty taken; `null` where none made unseen heads better, and the template keeps no corrector. */
  readonly ridge: number | null;
}

interface Design {
  readonly x: readonly (readonly number[])[];
  readonly y: readonly (readonly number[])[];
}

const columnMeans = (rows: readonly (readonly number[])[]): number[] =>
  rows[0].map((_, c) => rows.reduce((s, r) => s + r[c], 0) / rows.length);

/** Ridge regression of several outputs with an unpenalized intercept. */
const ridgeFit = ({ x, y }: Design, ridge: number): { mean: number[]; bias: number[]; weights: number[][] } => {
  const mean = columnMeans(x);
  const bias = columnMeans(y);
  const a = new Matrix(x.map((r) => r.map((v, k) => v - mean[k])));
  const b = new Matrix(y.map((r) => r.map((v, k) => v - bias[k])));
  const t = a.transpose();
  const normal = t.mmul(a).add(Matrix.eye(mean.length).mul(ridge * x.length));
  return { mean, bias, weights: new CholeskyDecomposition(normal).solve(t.mmul(b)).to2DArray() };
};

const predict = (f: ReturnType<typeof ridgeFit>, x: readonly number[]): number[] =>
  f.bias.map((bias, o) => x.reduce((s, v, k) => s + (v - f.mean[k]) * f.weights[k][o], bias));

/**
 * Learns, by ridge regression, what the template fit gets wrong as a function of the residuals it leaves, its rotation
 * and its size. Give it observations as the landmark finder makes them on heads it was not trained on: a corrector
 * learned from exact landmarks overfits. The penalty is chosen by cross-validation over groups; where no penalty
 * helps unseen groups by at least 2 %, the template comes back without a corrector.
 *
 * Throws DataError for fewer than 3 groups or samples without enough landmarks.
 */
export const fitCorrector = (
  template: Template,
  samples: readonly CorrectorSample[],
  options: CorrectorOptions = {},
): { template: Template; report: CorrectorReport } => {
  checkOptions("fitCorrector", options, correctorKeys);
  const groups = [...new Set(samples.map((s) => s.group))];
  if (groups.length < 3)
    throw new DataError(`fitCorrector: ${groups.length} groups of samples; at least 3 heads are needed`);
  const plain: Template = { ...template, corrector: null };
  const seen = samples.map((s, i) => {
    const { correctorInput, fit } = estimateBox(s.scouts, s.observations, plain, options);
    if (!correctorInput || !fit) throw new DataError(`fitCorrector: sample ${i} has too few landmarks for a fit`);
    return { input: correctorInput, fit };
  });
  const slots = [...new Set(seen.flatMap(({ input }) => input.slots.map((_, i) => slotOf(input, i))))].sort();
  const x = seen.map(({ input }) => correctorFeatures(plain, slots, input));
  const y = seen.map(({ fit }, i) => {
    const { truth } = samples[i];
    const back = transpose(fit.rotation);
    const size = sizeOf(plain, fit.shape);
    return [
      ...vectorFromRotation(multiply(back, rotationOf(truth))),
      ...apply(back, sub(truth.center, fit.shift)),
      ...(truth.size.map((v, k) => v - size[k]) as unknown as Vec3),
    ];
  });

  const folds = Math.min(options.folds ?? 5, groups.length);
  const fold = samples.map((s) => groups.indexOf(s.group) % folds);
  const pick = (keep: (i: number) => boolean): Design => ({
    x: x.filter((_, i) => keep(i)),
    y: y.filter((_, i) => keep(i)),
  });
  const before = columnMeans(y.map((r) => r.map((v) => v * v)));
  const scores = (options.ridges ?? [0.01, 0.1, 1, 10, 100]).map((ridge) => {
    const after = new Array<number>(9).fill(0);
    for (let f = 0; f < folds; f++) {
      const model = ridgeFit(
        pick((i) => fold[i] !== f),
        ridge,
      );
      x.forEach((row, i) => {
        if (fold[i] !== f) return;
        predict(model, row).forEach((v, o) => {
          after[o] += (y[i][o] - v) ** 2 / samples.length;
        });
      });
    }
    return { ridge, ratio: after.reduce((s, v, o) => s + v / Math.max(before[o], 1e-12), 0) / 9 };
  });
  const best = scores.reduce((a, b) => (b.ratio < a.ratio ? b : a));
  const report = { samples: samples.length, groups: groups.length, scores };
  if (!(best.ratio < 0.98)) return { template: plain, report: { ...report, ridge: null } };
  const model = ridgeFit({ x, y }, best.ridge);
  const made = x.map((r) => predict(model, r));
  const corrector: Corrector = {
    slots,
    featureMean: model.mean,
    weights: model.weights,
    bias: model.bias,
    limit: model.bias.map((_, o) => 3 * Math.sqrt(made.reduce((s, r) => s + r[o] ** 2, 0) / made.length)),
    ridge: best.ridge,
  };
  return { template: { ...plain, corrector }, report: { ...report, ridge: best.ridge } };
};
