import { GeometryError } from "../errors.ts";
import { determinant, fromRows, type Mat3, multiply, transpose } from "./mat3.ts";
import { normal, type Plane, pixelFromPatient } from "./plane.ts";
import { add, dot, type Point2, type Point3, scale, sub, type Vec3 } from "./vec3.ts";

/** A box in the patient: unit axes as rows (left, posterior, superior of the anatomy), sizes along them; LPS mm. */
export interface OrientedBox {
  readonly center: Point3<"lps">;
  readonly axes: readonly [left: Vec3, posterior: Vec3, superior: Vec3];
  readonly size: Vec3;
}

/** Signs of the eight corners along left, posterior, superior; bit 0 is left, bit 1 posterior, bit 2 superior. */
const signs: readonly Vec3[] = Array.from({ length: 8 }, (_, i) => [i & 1 ? 1 : -1, i & 2 ? 1 : -1, i & 4 ? 1 : -1]);

/** Throws GeometryError unless the box has a finite center, positive sizes and right-handed orthonormal axes. */
export const checkBox = (box: OrientedBox): void => {
  const axes = fromRows(...box.axes);
  const off = multiply(axes, transpose(axes)).map((v, i) => Math.abs(v - (i % 4 === 0 ? 1 : 0)));
  if (!(Math.max(...off) < 1e-3) || !(determinant(axes) > 0))
    throw new GeometryError(`box: axes are ${JSON.stringify(box.axes)}; rows must be orthonormal and right-handed`);
  if (!box.center.every(Number.isFinite))
    throw new GeometryError(`box: center is [${box.center}]; want three finite mm`);
  if (!box.size.every((s) => Number.isFinite(s) && s > 0))
    throw new GeometryError(`box: size is [${box.size}]; want three positive mm`);
};

/** A point given along the box's axes from its center (mm), in the patient. */
export const patientFromBox = (box: OrientedBox, along: Vec3): Point3<"lps"> =>
  add(
    box.center,
    add(scale(box.axes[0], along[0]), add(scale(box.axes[1], along[1]), scale(box.axes[2], along[2]))),
  ) as Point3<"lps">;

/** A patient point along the box's axes from its center, mm. */
export const boxFromPatient = (box: OrientedBox, p: Point3<"lps">): Vec3 => {
  const d = sub(p, box.center);
  return [dot(box.axes[0], d), dot(box.axes[1], d), dot(box.axes[2], d)];
};

/** The eight corners: right anterior inferior first; left changes fastest, then posterior, then superior. */
export const boxCorners = (box: OrientedBox): Point3<"lps">[] =>
  signs.map((s) => patientFromBox(box, [0, 1, 2].map((k) => (s[k] * box.size[k]) / 2) as unknown as Vec3));

/** Whether a patient point lies in the box, its surface included. */
export const insideBox = (box: OrientedBox, p: Point3<"lps">, toleranceMm = 0): boolean =>
  boxFromPatient(box, p).every((v, k) => Math.abs(v) <= box.size[k] / 2 + toleranceMm);

/** The box with other sizes about the same center. */
export const withSize = (box: OrientedBox, size: Vec3): OrientedBox => ({ ...box, size: size });

/** Patient from box axes; columns are left, posterior, superior. */
export const rotationOf = (box: OrientedBox): Mat3 => transpose(fromRows(...box.axes));

const edges: readonly (readonly [number, number])[] = [1, 2, 4].flatMap((bit) =>
  [0, 1, 2, 3, 4, 5, 6, 7].filter((i) => !(i & bit)).map((i) => [i, i | bit] as const),
);

/**
 * What an operator sees of the box on a scout: the convex polygon in which the scout's plane cuts it, in pixels
 * (fractions; not clipped to the image), 3 to 6 vertices in order round it. Empty where the plane misses the box.
 */
export const boxOutline = (box: OrientedBox, plane: Plane): Point2<"pixel">[] => {
  const corners = boxCorners(box);
  const n = normal(plane);
  const height = corners.map((c) => dot(n, sub(c, plane.position)));
  // A corner within a billionth of the box's size lies in the plane: else rounding would cut a face lying in the
  // plane into slivers.
  const eps = 1e-9 * Math.hypot(...box.size);
  const points: Vec3[] = corners.filter((_, i) => Math.abs(height[i]) <= eps);
  for (const [i, j] of edges)
    if ((height[i] < -eps && height[j] > eps) || (height[i] > eps && height[j] < -eps))
      points.push(add(corners[i], scale(sub(corners[j], corners[i]), height[i] / (height[i] - height[j]))));
  if (points.length < 3) return [];
  const middle = scale(points.reduce(add), 1 / points.length);
  const angle = (p: Vec3): number => {
    const d = sub(p, middle);
    return Math.atan2(dot(d, plane.rowDirection), dot(d, plane.columnDirection));
  };
  return points
    .map((p) => ({ p, a: angle(p) }))
    .sort((x, y) => x.a - y.a)
    .map(({ p }) => pixelFromPatient(plane, p as Point3<"lps">).pixel);
};
