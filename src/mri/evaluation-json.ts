import type { BoxSummary } from "../metrics/index.ts";
import type { EvaluatedCase, Evaluation } from "./evaluate.ts";

const caseJson = (c: EvaluatedCase) => ({
  subject: c.subject,
  pose: { rotvec_deg: c.pose.rotvecDeg, shift_mm: c.pose.shiftMm },
  refused: c.refused,
  centre_mm: c.centerMm,
  rotvec_error_deg: c.rotvecErrorDeg,
  total_deg: c.totalDeg,
  size_error_mm: c.sizeErrorMm,
  protrusion_mm: c.protrusionMm,
  coverage: c.coverage,
  volume_ratio: c.volumeRatio,
  iou: c.iou,
  seconds: c.seconds,
  ...(c.truth === null ? { truth: null } : {}),
});

const summaryJson = (s: BoxSummary) => ({
  n: s.n,
  refused: s.refused,
  centre_mm: s.centerMm,
  rotvec_error_deg: s.rotvecErrorDeg,
  total_deg: s.totalDeg,
  protrusion_mm: s.protrusionMm,
  coverage: s.coverage,
  volume_ratio: s.volumeRatio,
});

/** An evaluation with the names and the order of `metrics.json` and of `mri evaluate --json`. */
export const evaluationJson = (e: Evaluation) => ({
  cases: e.cases.map(caseJson),
  summary: summaryJson(e.summary),
  baseline: summaryJson(e.baseline),
  geometry_only: summaryJson(e.geometryOnly),
  geometry_only_anatomical: summaryJson(e.geometryOnlyAnatomical),
});
