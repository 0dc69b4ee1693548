import { boxCorners } from "../geometry/index.ts";
import type { CalibratedLandmark, Calibration, SliceGeometry } from "./types.ts";

const sliceJson = (s: SliceGeometry) => ({
  image_position_patient: s.imagePositionPatient,
  image_orientation_patient: s.imageOrientationPatient,
  pixel_spacing_mm: s.pixelSpacingMm,
  rows: s.rows,
  columns: s.columns,
  thickness_mm: s.thicknessMm,
  gap_mm: s.gapMm,
});

const landmarkJson = ({ sigmaMm, residualMm, used, ...l }: CalibratedLandmark) => ({
  ...l,
  sigma_mm: sigmaMm,
  residual_mm: residualMm,
  used,
});

/** A calibration with the names and the order of `box.json`, without the command's envelope. */
export const boxJson = ({ box, tight, angles, uncertainty, ...c }: Calibration) => ({
  frame: "LPS" as const,
  centre_mm: box.center,
  axes: box.axes,
  size_mm: box.size,
  corners_mm: boxCorners(box),
  angles: { text: angles.text, rotvec_deg: angles.rotvecDeg, in_plane_deg: angles.inPlaneDeg },
  slices: c.slices.map(sliceJson),
  landmarks: c.landmarks.map(landmarkJson),
  warnings: c.warnings,
  refusal: c.refusal,
  tight_size_mm: tight.size,
  uncertainty: uncertainty && { centre_mm: uncertainty.centerMm, rotvec_deg: uncertainty.rotvecDeg },
});
