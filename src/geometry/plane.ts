import { GeometryError } from "../errors.ts";
import { add, cross, dot, norm, type Point2, type Point3, scale, sub, type Vec3 } from "./vec3.ts";

/**
 * The place of one image in the patient (DICOM PS3.3 C.7.6.2.1.1): where its first pixel's center lies, where columns
 * and rows run, and how far apart pixels are.
 */
export interface Plane {
  /** ImagePositionPatient: center of the first (top left) pixel, mm. */
  readonly position: Point3<"lps">;
  /** Unit vector along increasing column index (the first three of ImageOrientationPatient). */
  readonly columnDirection: Vec3;
  /** Unit vector along increasing row index (the last three of ImageOrientationPatient). */
  readonly rowDirection: Vec3;
  /** PixelSpacing in DICOM's order: [between rows, between columns], mm. */
  readonly spacing: readonly [betweenRows: number, betweenColumns: number];
  readonly rows: number;
  readonly columns: number;
  /** Slice thickness, mm. */
  readonly thickness: number;
}

export type PlaneClass = "sagittal" | "coronal" | "axial";

/** Unit normal, columnDirection x rowDirection. */
export const normal = (p: Plane): Vec3 => cross(p.columnDirection, p.rowDirection);

/** Center of pixel (column, row) in the patient; fractions are between centers. */
export const patientFromPixel = (p: Plane, [c, r]: Point2<"pixel">): Point3<"lps"> =>
  add(
    p.position as Vec3,
    add(scale(p.columnDirection, c * p.spacing[1]), scale(p.rowDirection, r * p.spacing[0])),
  ) as Point3<"lps">;

/** Foot of the perpendicular of a patient point, in pixels, and its signed distance (mm) along the normal. */
export const pixelFromPatient = (p: Plane, point: Point3<"lps">): { pixel: Point2<"pixel">; offPlane: number } => {
  const d = sub(point as Vec3, p.position as Vec3);
  return {
    pixel: [dot(d, p.columnDirection) / p.spacing[1], dot(d, p.rowDirection) / p.spacing[0]],
    offPlane: dot(d, normal(p)),
  };
};

/** Center of the image (between the middle pixels for even sizes), patient mm. */
export const planeCenter = (p: Plane): Point3<"lps"> => patientFromPixel(p, [(p.columns - 1) / 2, (p.rows - 1) / 2]);

/** The anatomical plane whose normal is nearest: x sagittal, y coronal, z axial. */
export const planeClass = (p: Plane): PlaneClass => {
  const n = normal(p).map(Math.abs);
  return n[0] >= n[1] && n[0] >= n[2] ? "sagittal" : n[1] >= n[2] ? "coronal" : "axial";
};

/** Throws GeometryError, naming the field and its value, unless the plane's numbers make sense. */
export const checkPlane = (p: Plane, what: string): void => {
  const fail = (field: string, value: unknown, want: string): never => {
    throw new GeometryError(`${what}: ${field} is ${JSON.stringify(value)}; it must be ${want}`);
  };
  if (!p.position.every(Number.isFinite)) fail("ImagePositionPatient", p.position, "three finite numbers");
  for (const [field, v] of [
    ["column direction", p.columnDirection],
    ["row direction", p.rowDirection],
  ] as const)
    if (!v.every(Number.isFinite) || Math.abs(norm(v) - 1) > 1e-3) fail(field, v, "a unit vector");
  const cosine = dot(p.columnDirection, p.rowDirection);
  if (Math.abs(cosine) > 1e-3) fail("cosine of ImageOrientationPatient's two directions", cosine, "0 (orthogonal)");
  if (!p.spacing.every((s) => Number.isFinite(s) && s > 0))
    fail("PixelSpacing", p.spacing, "two positive numbers (mm)");
  if (!(p.rows >= 1 && p.columns >= 1 && Number.isInteger(p.rows) && Number.isInteger(p.columns)))
    fail("rows x columns", [p.rows, p.columns], "two positive integers");
  if (!(p.thickness > 0 && Number.isFinite(p.thickness))) fail("thickness", p.thickness, "a positive number (mm)");
};
