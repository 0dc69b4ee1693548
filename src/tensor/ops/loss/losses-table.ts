/**
 * The pointwise losses, a row each: WGSL expressions of the prediction `a`, the target `b` and the constants `p0` and `p1` for
 * the term and for its slopes. Helper functions: wgsl/lib/math.wgsl and wgsl/lib/losses.wgsl.
 */
export interface LossRow {
  readonly term: string;
  /** Derivatives with respect to a and b; null: the target is a constant. */
  readonly slopes: readonly [string, string | null];
}

const d = "(a - b)";
const distance = "abs(a - b)";
/** Where the difference is small one expression, else the other; a NaN takes the second. */
const bent = (edge: string, near: string, far: string): string => `select(${far}, ${near}, ${distance} < ${edge})`;
/** A loss of a - b alone: the slope for b is the other's, negated. */
const ofDifference = (term: string, slope: string): LossRow => ({ term, slopes: [slope, `-(${slope})`] });

const mse = ofDifference(`${d} * ${d}`, `2.0 * ${d}`);
// x = d / c, q = x^2, b = |alpha - 2|: rho = b / alpha ((q / b + 1)^(alpha / 2) - 1), written so that small x keep their digits.
const q = `((${d} / p1) * (${d} / p1))`;
const growth = `logShifted(${q} / (2.0 - p0))`;
const guarded = (term: string): string => `select(${term}, a - b, isNan(a - b))`; // some adapters' log makes a number of NaN

export const lossTable = {
  mseLoss: mse,
  l1Loss: ofDifference(distance, `sign(${d})`),
  halfSquaredErrorLoss: ofDifference(`0.5 * ${d} * ${d}`, d),
  // The division by a beta of 0 stands in the branch that is then not taken.
  smoothL1Loss: ofDifference(
    bent("p0", `0.5 * ${d} * ${d} / max(p0, 1e-30)`, `${distance} - 0.5 * p0`),
    bent("p0", `${d} / max(p0, 1e-30)`, `sign(${d})`),
  ),
  huberLoss: ofDifference(
    bent("p0", `0.5 * ${d} * ${d}`, `p0 * (${distance} - 0.5 * p0)`),
    bent("p0", d, `p0 * sign(${d})`),
  ),
  // Beyond the width p0 the line |d| - (w - w ln(1 + w / c)); its constant is worked out on the spot.
  wingLoss: ofDifference(
    bent("p0", `p0 * logShifted(${distance} / p1)`, `${distance} - (p0 - p0 * logShifted(p0 / p1))`),
    bent("p0", `p0 * sign(${d}) / (p1 + ${distance})`, `sign(${d})`),
  ),
  elasticLoss: ofDifference(`p0 * ${d} * ${d} + (1.0 - p0) * ${distance}`, `2.0 * p0 * ${d} + (1.0 - p0) * sign(${d})`),
  robustLoss: ofDifference(
    guarded(`((2.0 - p0) / p0) * expLessOne(0.5 * p0 * ${growth})`),
    `(${d} / (p1 * p1)) * exp((0.5 * p0 - 1.0) * ${growth})`,
  ),
  binaryCrossEntropy: {
    term: guarded("-(b * logShare(a) + (1.0 - b) * select(logShare(1.0 - a), logOnePlus(-a), a < 0.5))"),
    slopes: ["(a - b) / max((1.0 - a) * a, 1e-12)", null],
  },
  binaryCrossEntropyWithLogits: {
    term: "max(a, 0.0) - a * b + logOnePlus(exp(-abs(a)))",
    slopes: ["logistic(a) - b", null],
  },
  categoricalCrossEntropy: { term: guarded("-b * logShare(a)"), slopes: ["-b / max(a, 1e-12)", null] },
  klDiv: { term: "select(b * logExact(b), 0.0, b == 0.0) - b * a", slopes: ["-b", null] },
  jsDiv: { term: "jsTerm(a, b)", slopes: ["jsSlope(a, b)", "jsSlope(b, a)"] },
} as const satisfies Record<string, LossRow>;

/** robustLoss at alpha = 0 and 2, where its formula divides by 0. */
export const robustAtEnds: Readonly<Record<number, LossRow>> = {
  0: ofDifference(guarded(`logShifted(0.5 * ${q})`), `(${d} / (p1 * p1)) / (0.5 * ${q} + 1.0)`),
  2: ofDifference(`0.5 * ${q}`, `${d} / (p1 * p1)`),
};

export type LossName = keyof typeof lossTable;
