import { GeometryError } from "../errors.ts";
import type { PlaneClass, Vec3 } from "../geometry/index.ts";
import { checkOptions, type KeysOf } from "../options.ts";

/** What the operator decides; every field has a default. */
export interface CalibrationOptions {
  /** Added on each side of the anatomy, along left, posterior and superior. Default 5 mm. */
  readonly marginsMm?: number | Vec3;
  /** Thickness of a slice. Default 1 mm. */
  readonly sliceThicknessMm?: number;
  /** Gap between slices, negative where they overlap. Default 0 mm. */
  readonly gapMm?: number;
  /** In-plane pixel size; the field of view is rounded up to whole pixels. Default 1 mm. */
  readonly voxelMm?: number;
  /** How slices lie in the box. Default "axial". */
  readonly orientation?: PlaneClass;
  /** Sizes of the anatomy (without margins) that are accepted. Default: 0.7 to 1.3 of the template's mean. */
  readonly presets?: { readonly minMm: Vec3; readonly maxMm: Vec3 };
  /** Leave out points computed from the box itself (center, faces). Default false. */
  readonly anatomicalOnly?: boolean;
  /** Observations with less confidence are not used. Default 0.02. */
  readonly minConfidence?: number;
  /** Refuse above this total angle between the box and the patient axes. Default 50 degrees. */
  readonly maxAngleDeg?: number;
  /** Refuse above this median in-plane residual. Default 10 mm. */
  readonly maxResidualMm?: number;
  /** Refuse where the fit expects a larger standard error of an angle or of the center. Default 4 degrees, 6 mm. */
  readonly maxUncertainty?: { readonly deg: number; readonly mm: number };
  /** Scouts without any FrameOfReferenceUID (NIfTI) are refused instead of warned about. Default false. */
  readonly requireFrameOfReference?: boolean;
}
const calibrationKeys: KeysOf<CalibrationOptions> = {
  marginsMm: 1,
  sliceThicknessMm: 1,
  gapMm: 1,
  voxelMm: 1,
  orientation: 1,
  presets: 1,
  anatomicalOnly: 1,
  minConfidence: 1,
  maxAngleDeg: 1,
  maxResidualMm: 1,
  maxUncertainty: 1,
  requireFrameOfReference: 1,
};

/** Options with every default filled in. */
export interface ResolvedOptions {
  readonly margins: Vec3;
  readonly thickness: number;
  readonly gap: number;
  readonly voxel: number;
  readonly orientation: PlaneClass;
  readonly presets: { readonly minMm: Vec3; readonly maxMm: Vec3 } | null;
  readonly anatomicalOnly: boolean;
  readonly minConfidence: number;
  readonly maxAngle: number;
  readonly maxResidual: number;
  readonly maxUncertainty: { readonly deg: number; readonly mm: number };
  readonly requireFrameOfReference: boolean;
}

/** Fills in defaults. Throws GeometryError, naming option and value, for numbers that make no volume. */
export const resolveOptions = (o: CalibrationOptions = {}): ResolvedOptions => {
  checkOptions("calibrate", o, calibrationKeys);
  const m = o.marginsMm ?? 5;
  const margins: Vec3 = typeof m === "number" ? [m, m, m] : m;
  const resolved: ResolvedOptions = {
    margins,
    thickness: o.sliceThicknessMm ?? 1,
    gap: o.gapMm ?? 0,
    voxel: o.voxelMm ?? 1,
    orientation: o.orientation ?? "axial",
    presets: o.presets ?? null,
    anatomicalOnly: o.anatomicalOnly ?? false,
    minConfidence: o.minConfidence ?? 0.02,
    maxAngle: o.maxAngleDeg ?? 50,
    maxResidual: o.maxResidualMm ?? 10,
    maxUncertainty: o.maxUncertainty ?? { deg: 4, mm: 6 },
    requireFrameOfReference: o.requireFrameOfReference ?? false,
  };
  const want = (ok: boolean, name: string, value: unknown, rule: string): void => {
    if (!ok) throw new GeometryError(`calibrate: option ${name} is ${JSON.stringify(value)}; it must be ${rule}`);
  };
  const positive = (v: number): boolean => Number.isFinite(v) && v > 0;
  want(margins.length === 3 && margins.every((v) => v >= 0 && Number.isFinite(v)), "marginsMm", m, "0 or more (mm)");
  want(positive(resolved.thickness), "sliceThicknessMm", resolved.thickness, "a positive number (mm)");
  want(positive(resolved.voxel), "voxelMm", resolved.voxel, "a positive number (mm)");
  want(
    Number.isFinite(resolved.gap) && resolved.gap > -resolved.thickness,
    "gapMm",
    resolved.gap,
    "a number (mm) above minus the slice thickness",
  );
  want(positive(resolved.maxAngle), "maxAngleDeg", resolved.maxAngle, "a positive number (degrees)");
  want(positive(resolved.maxResidual), "maxResidualMm", resolved.maxResidual, "a positive number (mm)");
  want(
    resolved.minConfidence >= 0 && resolved.minConfidence <= 1,
    "minConfidence",
    resolved.minConfidence,
    "between 0 and 1",
  );
  return resolved;
};
