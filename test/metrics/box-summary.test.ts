import { describe, expect, it } from "vitest";
import { type BoxCase, type BoxErrors, quantile, summarizeBoxes } from "../../src/metrics/index.ts";

const errors = (v: number): BoxErrors => ({
  centre_mm: v,
  rotvec_error_deg: [-v, v / 2, 0],
  total_deg: v,
  size_error_mm: [0, 0, 0],
  protrusion_mm: 2 * v,
  coverage: 1 - v / 100,
  volume_ratio: 1 + v,
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
      centre_mm: { median: 6, p90: 10, max: 11 },
      protrusion_mm: { median: 12, p90: 20, max: 22 },
    });
    expect(s.rotvec_error_deg).toEqual({ median: [6, 3, 0], p90: [10, 5, 0], max: [11, 5.5, 0] });
    expect(s.coverage.min).toBeCloseTo(0.89, 12);
    expect(s.volume_ratio).toEqual({ median: 7, max: 12 });
  });

  it("counts a refused case as failed: infinite errors (null) and coverage 0", () => {
    const s = summarizeBoxes([...[1, 2, 3, 4, 5, 6, 7, 8, 9].map(found), refused]);
    expect(s).toMatchObject({
      n: 10,
      refused: 1,
      centre_mm: { median: 5.5, p90: null, max: null },
      coverage: { min: 0 },
    });
    expect(s.total_deg.median).toBe(5.5);
    expect(s.volume_ratio.max).toBe(10);
    expect(JSON.stringify(s)).not.toContain("NaN");
  });

  it("has no figures where every case was refused, or there are none", () => {
    expect(summarizeBoxes([refused]).centre_mm).toEqual({ median: null, p90: null, max: null });
    expect(summarizeBoxes([]).volume_ratio).toEqual({ median: null, max: null });
    expect(summarizeBoxes([])).toMatchObject({ n: 0, refused: 0, coverage: { median: null, min: null } });
  });

  it("interpolates quantiles between ranks, without NaN at infinity", () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(quantile([1, 2, Number.POSITIVE_INFINITY], 0.5)).toBe(2);
    expect(quantile([1, 2, Number.POSITIVE_INFINITY], 0.6)).toBe(Number.POSITIVE_INFINITY);
    expect(quantile([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY], 0.3)).toBe(Number.POSITIVE_INFINITY);
  });
});
