import type { Vec3 } from "../geometry/index.ts";
import type { BoxErrors } from "./box.ts";

/** One case as `metrics.json` lists it: the errors, or for a refused one null in their place. */
export type BoxCase =
  | { readonly refused: null; readonly errors: BoxErrors }
  | { readonly refused: { readonly code: string; readonly text: string }; readonly errors: null };

/** null stands for infinity: so many cases were refused that this figure has no value. */
export interface Spread {
  readonly median: number | null;
  readonly p90: number | null;
  readonly max: number | null;
}

type Three = readonly [number | null, number | null, number | null];

export interface BoxSummary {
  readonly n: number;
  readonly refused: number;
  readonly centerMm: Spread;
  readonly rotvecErrorDeg: { readonly median: Three; readonly p90: Three; readonly max: Three };
  readonly totalDeg: Spread;
  readonly protrusionMm: Spread;
  readonly coverage: { readonly median: number | null; readonly min: number | null };
  readonly volumeRatio: { readonly median: number | null; readonly max: number | null };
}

const finite = (v: number): number | null => (Number.isFinite(v) ? v : null);

/** Value at rank share * (n - 1), interpolated; infinite as soon as an infinite neighbor has a share in it. */
export const quantile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = share * (sorted.length - 1);
  const low = Math.floor(rank);
  const part = rank - low;
  return part === 0 ? sorted[low] : sorted[low] * (1 - part) + sorted[low + 1] * part;
};

/** Median, 90th percentile and maximum by absolute value. */
export const spread = (values: readonly number[]): Spread => {
  const sizes = values.map(Math.abs);
  return { median: finite(quantile(sizes, 0.5)), p90: finite(quantile(sizes, 0.9)), max: finite(quantile(sizes, 1)) };
};

/**
 * Summary over cases. A refused case counts as failed: infinite errors, coverage 0. Without cases every figure is null.
 */
export const summarizeBoxes = (cases: readonly BoxCase[]): BoxSummary => {
  const of = (pick: (e: BoxErrors) => number, failed = Number.POSITIVE_INFINITY) =>
    cases.map((c) => (c.errors ? pick(c.errors) : failed));
  const axes = [0, 1, 2].map((k) => spread(of((e) => e.rotvecErrorDeg[k as keyof Vec3 & number])));
  const three = (key: keyof Spread): Three => [axes[0][key], axes[1][key], axes[2][key]];
  const coverage = of((e) => e.coverage, 0);
  // How large the boxes are is a question about those that were given.
  const ratios = cases.flatMap((c) => (c.errors ? [c.errors.volumeRatio] : []));
  return {
    n: cases.length,
    refused: cases.filter((c) => c.refused).length,
    centerMm: spread(of((e) => e.centerMm)),
    rotvecErrorDeg: { median: three("median"), p90: three("p90"), max: three("max") },
    totalDeg: spread(of((e) => e.totalDeg)),
    protrusionMm: spread(of((e) => e.protrusionMm)),
    coverage: { median: finite(quantile(coverage, 0.5)), min: finite(quantile(coverage, 0)) },
    volumeRatio: { median: finite(quantile(ratios, 0.5)), max: finite(quantile(ratios, 1)) },
  };
};
