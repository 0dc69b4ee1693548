/**
 * Points and directions in three dimensions. Frames are types: a `Point3<"lps">` does not go where a `Point3<"ras">`
 * or a `Point3<"voxel">` is asked for, while a plain literal `[x, y, z]` goes anywhere.
 *
 * Frames used here:
 * - "lps": patient millimeters, x to the Left, y to Posterior, z to Superior (DICOM PS3.3 C.7.6.2.1.1). The only frame
 *   inside the package; others are converted at the border.
 * - "ras": patient millimeters, NIfTI's and Slicer's. x and y change sign.
 * - "voxel": indices (i, j, k) of a volume, voxel centers at integers.
 * - "pixel" (two dimensions): (column, row) of an image, pixel centers at integers.
 */
declare const frame: unique symbol;
export type Point2<F extends string> = readonly [x: number, y: number] & { readonly [frame]?: F };
export type Point3<F extends string> = readonly [x: number, y: number, z: number] & { readonly [frame]?: F };
/** A direction or a difference: it has no origin, so only its axes' frame would matter; all are LPS. */
export type Vec3 = readonly [x: number, y: number, z: number];

export const add = (a: Vec3, b: Vec3): Vec3 => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
export const sub = (a: Vec3, b: Vec3): Vec3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
export const scale = (a: Vec3, s: number): Vec3 => [a[0] * s, a[1] * s, a[2] * s];
export const dot = (a: Vec3, b: Vec3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const cross = (a: Vec3, b: Vec3): Vec3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
export const norm = (a: Vec3): number => Math.hypot(a[0], a[1], a[2]);
/** Divides rather than scales by the reciprocal, which overflows for lengths below 6e-309. A zero vector gives NaN. */
export const normalize = (a: Vec3): Vec3 => {
  const length = norm(a);
  return [a[0] / length, a[1] / length, a[2] / length];
};
export const distance = (a: Vec3, b: Vec3): number => norm(sub(a, b));

export const lpsFromRas = (p: Point3<"ras">): Point3<"lps"> => [-p[0], -p[1], p[2]];
export const rasFromLps = (p: Point3<"lps">): Point3<"ras"> => [-p[0], -p[1], p[2]];
