import { boxCorners } from "../geometry/index.ts";
import type { Calibration } from "./types.ts";

/** A calibration with the names and the order of `box.json`, without the command's envelope. */
export const boxJson = ({ box, tight, ...c }: Calibration) => ({
  frame: "LPS" as const,
  centre_mm: box.center,
  axes: box.axes,
  size_mm: box.size,
  corners_mm: boxCorners(box),
  angles: c.angles,
  slices: c.slices,
  landmarks: c.landmarks,
  warnings: c.warnings,
  refusal: c.refusal,
  tight_size_mm: tight.size,
  uncertainty: c.uncertainty,
});
