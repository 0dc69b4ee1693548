import { expect, test } from "vitest";
import { summarizeBoxes } from "../../src/metrics/index.ts";
import { type EvaluatedCase, type Evaluation, evaluationJson } from "../../src/mri/index.ts";

const one: EvaluatedCase = {
  subject: "head-1",
  pose: { rotvecDeg: [1, 2, 3], shiftMm: [4, 5, 6] },
  refused: null,
  centerMm: 1,
  rotvecErrorDeg: [2, 3, 4],
  totalDeg: 5,
  sizeErrorMm: [6, 7, 8],
  protrusionMm: 9,
  coverage: 0.5,
  volumeRatio: 1.5,
  iou: 0.25,
  seconds: 10,
};
const found = { centerMm: 1, rotvecErrorDeg: [2, 3, 4], totalDeg: 5, sizeErrorMm: [6, 7, 8], protrusionMm: 9 } as const;
const summary = summarizeBoxes([{ refused: null, errors: { ...found, coverage: 0.5, volumeRatio: 1.5, iou: 0.25 } }]);
const empty = summarizeBoxes([]);
const evaluation: Evaluation = {
  cases: [one, { ...one, truth: null }],
  summary,
  baseline: empty,
  geometryOnly: empty,
  geometryOnlyAnatomical: empty,
};

test("an evaluation is written with the names of metrics.json", () => {
  const json = evaluationJson(evaluation);
  expect(Object.keys(json).join()).toBe("cases,summary,baseline,geometry_only,geometry_only_anatomical");
  expect(json.cases[0]).toEqual({
    subject: "head-1",
    pose: { rotvec_deg: [1, 2, 3], shift_mm: [4, 5, 6] },
    refused: null,
    centre_mm: 1,
    rotvec_error_deg: [2, 3, 4],
    total_deg: 5,
    size_error_mm: [6, 7, 8],
    protrusion_mm: 9,
    coverage: 0.5,
    volume_ratio: 1.5,
    iou: 0.25,
    seconds: 10,
  });
  expect(json.cases[1]).toEqual({ ...json.cases[0], truth: null });
  const same = (v: number) => ({ median: v, p90: v, max: v });
  expect(json.summary).toEqual({
    n: 1,
    refused: 0,
    centre_mm: same(1),
    rotvec_error_deg: { median: [2, 3, 4], p90: [2, 3, 4], max: [2, 3, 4] },
    total_deg: same(5),
    protrusion_mm: same(9),
    coverage: { median: 0.5, min: 0.5 },
    volume_ratio: { median: 1.5, max: 1.5 },
  });
});
