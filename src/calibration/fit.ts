import { CholeskyDecomposition, Matrix } from "ml-matrix";
import type { Mat3, Vec3 } from "../geometry/index.ts";
import { apply, identity3, inverse, multiply, row, transpose } from "../geometry/mat3.ts";
import { orthonormalize, rotationFromVector } from "../geometry/rotation.ts";
import {
  gradientAlong,
  type HeadState,
  inPlaneResidual,
  type Measurement,
  shapeLength,
  shapePrecision,
  whitening,
} from "./model.ts";
import type { Template } from "./types.ts";

/** Result of a fit; lists run along the measurements. */
export interface HeadFit extends HeadState {
  /** Weight the robust loss left each measurement with, 0 to 1; 0 is an outlier. */
  readonly weights: readonly number[];
  /** In-plane distance from the fitted landmark, mm. */
  readonly residualMm: readonly number[];
  /** By how much the sightings were worse than announced (1: not at all). */
  readonly inflation: number;
  /** Standard errors along the head's axes. */
  readonly uncertainty: { readonly centerMm: Vec3; readonly rotvecDeg: Vec3 };
}

/** A robust loss of a standardized distance: its cost and the weight it gives (cost's slope over the distance). */
interface Loss {
  cost(d: number): number;
  weight(d: number): number;
}

/** Quadratic up to k, then linear (Huber 1964): converges from far away. */
const huber = (k: number): Loss => ({
  cost: (d) => (d <= k ? (d * d) / 2 : k * (d - k / 2)),
  weight: (d) => (d <= k ? 1 : k / d),
});

/** Levels off at c (Tukey's biweight): what lies beyond has no say at all. */
const tukey = (c: number): Loss => ({
  cost: (d) => (c * c * (1 - (d < c ? (1 - (d / c) ** 2) ** 3 : 0))) / 6,
  weight: (d) => (d < c ? (1 - (d / c) ** 2) ** 2 : 0),
});

const degree = Math.PI / 180;
type Whitening = readonly (readonly [number, number, number])[];

/** One fit problem: what does not change while the state does. */
class Problem {
  readonly template: Template;
  readonly measurements: readonly Measurement[];
  readonly unknowns: number;
  readonly precision: Float64Array;

  constructor(template: Template, measurements: readonly Measurement[]) {
    this.template = template;
    this.measurements = measurements;
    this.unknowns = 6 + shapeLength(template);
    this.precision = shapePrecision(template);
  }

  whitenings(rotation: Mat3, inflation: number): Whitening {
    return this.measurements.map((m) => whitening(this.template, m, rotation, inflation));
  }

  /** Standardized distances of all measurements. */
  distances(s: HeadState, whiten: Whitening): number[] {
    return this.measurements.map((m, i) => {
      const [a, b] = inPlaneResidual(this.template, m, s);
      const [p, q, r] = whiten[i];
      return Math.hypot(p * a, q * a + r * b);
    });
  }

  prior(shape: Float64Array): number {
    let sum = 0;
    for (let k = 0; k < shape.length; k++) sum += (this.precision[k] * shape[k] ** 2) / 2;
    return sum;
  }

  cost(s: HeadState, whiten: Whitening, loss: Loss): number {
    return this.distances(s, whiten).reduce((sum, d) => sum + loss.cost(d), this.prior(s.shape));
  }

  /** Gauss-Newton's normal matrix and right-hand side under the loss's weights. */
  normal(s: HeadState, whiten: Whitening, loss: Loss): { matrix: Matrix; right: Float64Array } {
    const n = this.unknowns;
    const a = new Float64Array(n * n);
    const right = new Float64Array(n);
    const gu = new Float64Array(n);
    const gv = new Float64Array(n);
    this.measurements.forEach((m, i) => {
      const [ru, rv] = inPlaneResidual(this.template, m, s);
      const [p, q, r] = whiten[i];
      const first = p * ru;
      const second = q * ru + r * rv;
      const w = loss.weight(Math.hypot(first, second));
      if (w === 0) return;
      gradientAlong(this.template, m, s, m.u, gu);
      gradientAlong(this.template, m, s, m.v, gv);
      for (let k = 0; k < n; k++) {
        gv[k] = q * gu[k] + r * gv[k];
        gu[k] *= p;
      }
      for (let k = 0; k < n; k++) {
        right[k] += w * (gu[k] * first + gv[k] * second);
        for (let l = 0; l <= k; l++) a[n * k + l] += w * (gu[k] * gu[l] + gv[k] * gv[l]);
      }
    });
    for (let k = 0; k < s.shape.length; k++) {
      a[n * (6 + k) + 6 + k] += this.precision[k];
      right[6 + k] -= this.precision[k] * s.shape[k];
    }
    const matrix = Matrix.zeros(n, n);
    for (let k = 0; k < n; k++)
      for (let l = 0; l <= k; l++) {
        matrix.set(k, l, a[n * k + l]);
        matrix.set(l, k, a[n * k + l]);
      }
    return { matrix, right };
  }

  /** Levenberg-Marquardt from a state, with the whitening held. */
  descend(start: HeadState, whiten: Whitening, loss: Loss, steps: number): HeadState {
    let s = start;
    let cost = this.cost(s, whiten, loss);
    let damping = 1e-4;
    for (let step = 0; step < steps; step++) {
      const { matrix, right } = this.normal(s, whiten, loss);
      let moved = 0;
      // Each round either takes a step or damps more; ten dampings in vain mean that the bottom is reached.
      for (let round = 0; round < 10; round++) {
        const damped = matrix.clone();
        for (let k = 0; k < this.unknowns; k++) damped.set(k, k, matrix.get(k, k) * (1 + damping) + 1e-9);
        const decomposition = new CholeskyDecomposition(damped);
        if (decomposition.isPositiveDefinite()) {
          const delta = decomposition.solve(Matrix.columnVector([...right])).to1DArray();
          const next = advance(s, delta);
          const nextCost = this.cost(next, whiten, loss);
          if (nextCost <= cost) {
            moved = Math.max(...delta.slice(0, 3).map((v) => Math.abs(v) * 100), ...delta.slice(3).map(Math.abs));
            s = next;
            cost = nextCost;
            damping = Math.max(damping / 10, 1e-9);
            break;
          }
        }
        damping *= 10;
      }
      if (moved < 1e-6) break;
    }
    return s;
  }
}

const advance = (s: HeadState, delta: readonly number[]): HeadState => ({
  rotation: orthonormalize(
    multiply(s.rotation, rotationFromVector([delta[0] / degree, delta[1] / degree, delta[2] / degree])),
  ),
  shift: [s.shift[0] + delta[3], s.shift[1] + delta[4], s.shift[2] + delta[5]],
  shape: s.shape.map((v, k) => v + delta[6 + k]),
});

/** The shift that fits best under a rotation, least squares in the planes; the mean of the points where left open. */
const bestShift = (p: Problem, rotation: Mat3): Vec3 => {
  const a = [1e-6, 0, 0, 0, 1e-6, 0, 0, 0, 1e-6];
  const b = [0, 0, 0];
  const n = p.measurements.length;
  const mean = [0, 1, 2].map((k) => p.measurements.reduce((s, m) => s + m.point[k] / n, 0)) as unknown as Vec3;
  const start: HeadState = { rotation, shift: mean, shape: new Float64Array(shapeLength(p.template)) };
  for (const m of p.measurements) {
    const r = inPlaneResidual(p.template, m, start);
    for (const [direction, along] of [
      [m.u, r[0]],
      [m.v, r[1]],
    ] as const)
      for (let i = 0; i < 3; i++) {
        b[i] += direction[i] * along;
        for (let j = 0; j < 3; j++) a[3 * i + j] += direction[i] * direction[j];
      }
  }
  const inv = inverse(a as unknown as Mat3);
  const off = inv ? apply(inv, b as unknown as Vec3) : [0, 0, 0];
  return [mean[0] + off[0], mean[1] + off[1], mean[2] + off[2]];
};

const median = (v: readonly number[]): number => [...v].sort((a, b) => a - b)[Math.floor(v.length / 2)];

/** Standard errors from the inverse of the normal matrix; infinite where it has none. */
const errorsOf = (p: Problem, s: HeadState, whiten: Whitening, loss: Loss): HeadFit["uncertainty"] => {
  const { matrix } = p.normal(s, whiten, loss);
  for (let k = 0; k < 6; k++) matrix.set(k, k, matrix.get(k, k) + 1e-12);
  const decomposition = new CholeskyDecomposition(matrix);
  if (!decomposition.isPositiveDefinite()) {
    const open: Vec3 = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    return { centerMm: open, rotvecDeg: open };
  }
  const covariance = decomposition.solve(Matrix.eye(p.unknowns));
  const block = [3, 4, 5].flatMap((i) => [3, 4, 5].map((j) => covariance.get(i, j))) as unknown as Mat3;
  const inHead = multiply(transpose(s.rotation), multiply(block, s.rotation));
  const root = (v: number): number => Math.sqrt(Math.max(v, 0));
  return {
    centerMm: [root(row(inHead, 0)[0]), root(row(inHead, 1)[1]), root(row(inHead, 2)[2])],
    rotvecDeg: [0, 1, 2].map((k) => root(covariance.get(k, k)) / degree) as unknown as Vec3,
  };
};

/**
 * Fits a template to landmarks seen on several planes: rotation, shift, a scale an axis and the template's modes, the
 * last two under their priors. Residuals are taken in each plane only and whitened by the sighting's error plus what
 * is left of the heads' scatter. Huber's loss finds the place from several starting orientations, the sightings'
 * errors are then enlarged if they turn out to have been announced too small, and Tukey's loss drops outliers.
 *
 * @param starts orientations to begin from; the best end is taken. Patient axes are always among them.
 */
export const fitHead = (
  template: Template,
  measurements: readonly Measurement[],
  starts: readonly Mat3[] = [],
): HeadFit => {
  const p = new Problem(template, measurements);
  const descendFrom = (rotation: Mat3): { s: HeadState; cost: number } => {
    let s: HeadState = { rotation, shift: bestShift(p, rotation), shape: new Float64Array(shapeLength(template)) };
    for (let round = 0; round < 2; round++) s = p.descend(s, p.whitenings(s.rotation, 1), huber(2.5), 25);
    return { s, cost: p.cost(s, p.whitenings(s.rotation, 1), huber(2.5)) };
  };
  const better = (a: { s: HeadState; cost: number }, b: { s: HeadState; cost: number }) => (b.cost < a.cost ? b : a);
  let best = [identity3, ...starts].map(descendFrom).reduce(better);
  // A good fit has distances near 1.2; from a bad one, look around before believing that the landmarks are bad.
  if (median(p.distances(best.s, p.whitenings(best.s.rotation, 1))) > 4) {
    const around: Vec3[] = [
      [40, 0, 0],
      [-40, 0, 0],
      [0, 40, 0],
      [0, -40, 0],
      [0, 0, 40],
      [0, 0, -40],
    ];
    best = [best, ...around.map((v) => descendFrom(rotationFromVector(v)))].reduce(better);
  }
  let s = best.s;
  let inflation = 1;
  for (let round = 0; round < 4; round++) {
    // Median of a 2-D normal distance is 1.1774; larger means that the announced errors were too small.
    const spread = median(p.distances(s, p.whitenings(s.rotation, inflation))) / 1.1774;
    inflation = Math.min(Math.max(1, inflation * spread), 100);
    s = p.descend(s, p.whitenings(s.rotation, inflation), huber(2.5), 25);
  }
  const last = tukey(6);
  for (let round = 0; round < 2; round++) s = p.descend(s, p.whitenings(s.rotation, inflation), last, 25);
  const whiten = p.whitenings(s.rotation, inflation);
  return {
    ...s,
    weights: p.distances(s, whiten).map(last.weight),
    residualMm: measurements.map((m) => Math.hypot(...inPlaneResidual(template, m, s))),
    inflation,
    uncertainty: errorsOf(p, s, whiten, last),
  };
};
