import type { OrientedBox, Plane, PlaneClass, Point2, Point3, Vec3 } from "../geometry/index.ts";

/** A scout: where its pixels lie in the patient, and the UID of the coordinate system they are given in. */
export interface Scout extends Plane {
  /** DICOM FrameOfReferenceUID; planes share coordinates only where it is equal. Absent for NIfTI. */
  readonly frameOfReference?: string;
}

/** One landmark as found on one scout. A landmark seen on three scouts gives three of these. */
export interface LandmarkObservation {
  readonly name: string;
  /** Index into the list of scouts. */
  readonly scout: number;
  /** Column and row on the scout as it was read (pixel centers at integers), not on the network's grid. */
  readonly pixel: Point2<"pixel">;
  /** 0 (ignore) to 1 (trust): the error's variance is divided by it. */
  readonly confidence: number;
  /** Expected error of each in-plane coordinate, mm (one standard deviation); `null`: the template's own figure. */
  readonly sigmaMm: number | null;
}

/** One landmark of a template, in the head's own frame: axes left, posterior, superior, origin in the box's center. */
export interface TemplateLandmark {
  readonly name: string;
  /** A point computed from the box (its center, its faces) rather than from a structure one could point at. */
  readonly virtual: boolean;
  readonly meanMm: Vec3;
  /** How far heads scatter along the head's axes in ways the template's modes do not explain, variance, mm². */
  readonly varianceMm2: Vec3;
  /** Expected error of each in-plane coordinate where this landmark is found on a scout of that plane, mm. */
  readonly errorMm: Readonly<Partial<Record<PlaneClass, number>>>;
}

/** One way in which heads differ, scaled to one standard deviation: landmarks and box change together. */
export interface TemplateMode {
  /** Change of every landmark's coordinates, in the order of `landmarks`: x, y, z of the first, then the next; mm. */
  readonly landmarksMm: readonly number[];
  /** Change of the box's size, mm. */
  readonly sizeMm: Vec3;
}

/** Linear correction of a fit, learned on heads with known boxes (`fitCorrector`). */
export interface Corrector {
  /** "plane/landmark" for each pair of in-plane residuals; rotation (3) and size change (3) follow them. */
  readonly slots: readonly string[];
  readonly featureMean: readonly number[];
  /** [features][9]: rotation vector (degrees, 3), center (mm, 3), size (mm, 3), all along the head's axes. */
  readonly weights: readonly (readonly number[])[];
  readonly bias: readonly number[];
  /** Largest correction of each output, so that a strange head is not driven further off. */
  readonly limit: readonly number[];
  readonly ridge: number;
}

/** What a head looks like to the estimator; stored with a model, by `templateJson`. */
export interface Template {
  readonly format: "fiducial/template@1";
  /** Number of heads it was made from. */
  readonly heads: number;
  readonly landmarks: readonly TemplateLandmark[];
  readonly modes: readonly TemplateMode[];
  /** The box around the anatomy, without margins. */
  readonly sizeMm: { readonly mean: Vec3; readonly sd: Vec3 };
  /** Prior of an extra scale along each of the head's axes (one standard deviation, as a ratio). */
  readonly scaleSd: Vec3;
  /** Expected in-plane error of a landmark about which nothing better is known, mm. */
  readonly defaultErrorMm: number;
  /** No observation counts as more exact than this, mm. */
  readonly floorMm: number;
  /** Largest total rotation of the heads this was trained for, degrees. */
  readonly angleDeg: number;
  readonly corrector: Corrector | null;
}

/** Geometry of one slice as DICOM would carry it. */
export interface SliceGeometry {
  readonly imagePositionPatient: Point3<"lps">;
  readonly imageOrientationPatient: readonly [number, number, number, number, number, number];
  readonly pixelSpacingMm: readonly [row: number, column: number];
  readonly rows: number;
  readonly columns: number;
  readonly thicknessMm: number;
  readonly gapMm: number;
}

export type RefusalCode =
  | "too_few_scouts"
  | "parallel_scouts"
  | "frame_of_reference"
  | "blank_scout"
  | "contradiction"
  | "too_few_landmarks"
  | "low_confidence"
  | "undetermined"
  | "residual"
  | "angulation"
  | "size";

/** What the operator should know of a box that may be used. */
export interface Warning {
  /** Stable, fit for scripts. */
  readonly code: string;
  /** The scout it is about; `null` where it is about all of them. */
  readonly scout: PlaneClass | null;
  readonly text: string;
  readonly cure: string;
}

/** Why a box must not be used. */
export interface Refusal extends Warning {
  readonly code: RefusalCode;
}

/** One observation as the fit judged it. */
export interface CalibratedLandmark {
  readonly name: string;
  readonly scout: number;
  readonly pixel: Point2<"pixel">;
  /** The landmark in space, from all scouts that show it; `null` where fewer than two planes do. */
  readonly mm: Point3<"lps"> | null;
  readonly confidence: number;
  readonly sigmaMm: number;
  /** In-plane distance from the fitted template; `null` where no fit was possible. */
  readonly residualMm: number | null;
  readonly used: boolean;
}

/** What calibration gives; `boxJson` writes it as `box.json` does. */
export interface Calibration {
  /** The volume to acquire: with margins, rounded to whole pixels and slices. */
  readonly box: OrientedBox;
  /** The box around the anatomy, without margins and rounding; about the same center, with the same axes. */
  readonly tight: OrientedBox;
  readonly angles: { readonly text: string; readonly rotvecDeg: Vec3; readonly inPlaneDeg: number };
  readonly slices: readonly SliceGeometry[];
  readonly landmarks: readonly CalibratedLandmark[];
  readonly warnings: readonly Warning[];
  readonly refusal: Refusal | null;
  /** Standard errors the fit expects of itself, along the box's axes; `null` where it did not run. */
  readonly uncertainty: { readonly centerMm: Vec3; readonly rotvecDeg: Vec3 } | null;
}
