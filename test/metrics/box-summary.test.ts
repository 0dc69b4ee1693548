import { describe, expect, it } from "vitest";
import { type BoxCase, type BoxErrors, quantile, summarizeBoxes } from "../../src/metrics/index.ts";

const errors = (v: number): BoxErrors => ({
  centerMm: v,
  rotvecErrorDeg: [-v, v / 2, 0],
  totalDeg: v,
  sizeErrorMm: [0, 0, 0],
  protrusionMm: 2 * v,
  coverage: 1 - v / 100,
  volumeRatio: 1 + v,
  iou: 0.9,
});
const found = (v: number): BoxCase => ({ refused: null, errors: errors(v) });
const refused: BoxCase = { refused: { code: "residual", text: "the landmarks do not fit a head" }, errors: null };

describe("summarizeBoxes", () => {
  it("gives median, 90th percentile and maximum by absolute value", () => {
    const s = summarizeBoxes([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map(found));
    expect(s).toMatchObject({
      n: 11,
      refused: 0,
      centerMm: { median: 6, p90: 10, max: 11 },
      protrusionMm: { median: 12, p90: 20, max: 22 },
    });
    expect(s.rotvecErrorDeg).toEqual({ median: [6, 3, 0], p90: [10, 5, 0], max: [11, 5.5, 0] });
    expect(s.coverage.min).toBeCloseTo(0.89, 12);
    expect(s.volumeRatio).toEqual({ median: 7, max: 12 });
  });

  it("counts a refused case as failed: infinite errors (null) and coverage 0", () => {
    const s = summarizeBoxes([...[1, 2, 3, 4, 5, 6, 7, 8, 9].map(found), refused]);
    expect(s).toMatchObject({
      n: 10,
      refused: 1,
      centerMm: { median: 5.5, p90: null, max: null },
      coverage: { min: 0 },
    });
    expect(s.totalDeg.median).toBe(5.5);
    expect(s.volumeRatio.max).toBe(10);
    expect(JSON.stringify(s)).not.toContain("NaN");
  });

  it("has no figures where every case was refused, or there are none", () => {
    expect(summarizeBoxes([refused]).centerMm).toEqual({ median: null, p90: null, max: null });
    expect(summarizeBoxes([]).volumeRatio).toEqual({ median: null, max: null });
    expect(summarizeBoxes([])).toMatchObject({ n: 0, refused: 0, coverage: { median: null, min: null } });
  });

  it("interpolates quantiles between ranks, without NaN at infinity", () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(quantile([1, 2, Number.POSITIVE_INFINITY], 0.5)).toBe(2);
    expect(quantile([1, 2, Number.POSITIVE_INFINITY], 0.6)).toBe(Number.POSITIVE_INFINITY);
    expect(quantile([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY], 0.3)).toBe(Number.POSITIVE_INFINITY);
  });
});
