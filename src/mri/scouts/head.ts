import type { Point3, Vec3 } from "../../geometry/index.ts";
import type { Volume } from "../../io/image.ts";

/** Unit vectors of the anatomy's own directions in the patient: rows left, posterior, superior. */
export type Axes = readonly [left: Vec3, posterior: Vec3, superior: Vec3];

/** What is true of a head: its reference frame, the box around its brain and its landmarks, LPS mm. */
export interface HeadTruth {
  readonly axes: Axes;
  readonly centre: Point3<"lps">;
  /** Extent of the brain along `axes`, mm. */
  readonly size: Vec3;
  readonly landmarks: Readonly<Record<string, Point3<"lps">>>;
  /** Pitch of the callosal line against the frame, degrees; null where there is no callosum. */
  readonly callosalPitchDeg: number | null;
}

/** A head as a data set holds it. */
export interface Head {
  readonly subject: string;
  readonly volume: Volume;
  /** null where nothing is labelled: such a head can be scouted and calibrated, but not judged. */
  readonly truth: HeadTruth | null;
}
