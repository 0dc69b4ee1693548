import {
  add,
  centroid,
  cross,
  dot,
  mat3,
  normalize,
  type Point3,
  scale,
  sub,
  type Vec3,
} from "../../geometry/index.ts";

/** Points of the corpus callosum next to the mirror plane, LPS mm. */
export interface Callosum {
  readonly genu: Point3<"lps">;
  readonly splenium: Point3<"lps">;
  /** Mean of the lowest tenth of the anterior half, put onto the mirror plane; the other end likewise. */
  readonly lowestAnterior: Point3<"lps">;
  readonly lowestPosterior: Point3<"lps">;
}

const fewest = 150;
const widest = 20;
/** Heights along a grid's rows are equal but for rounding: what lies this near to a limit (mm) counts as on it. */
const rounding = 1e-6;

/** Mean of all points that are not above the one at rank n/10 counted from below; its x is 0. */
const lowestTenth = (half: readonly Vec3[]): Vec3 => {
  const heights = half.map((p) => p[2]).sort((a, b) => a - b);
  const limit = heights[Math.floor(half.length / 10)] + rounding;
  const [, y, z] = centroid(half.filter((p) => p[2] <= limit));
  return [0, y, z];
};

/**
 * Genu, splenium and the two lowest points of a callosum, from its voxels within 3 mm of the mirror plane (widened by
 * 1 mm at a time until there are 150). They are found in the frame (mirror normal, the part of the volume's posterior
 * axis along the plane, their cross product), because the anatomy's own pitch is not known yet when it is asked for:
 * genu and splenium are the means of the first and the last quarter of the length.
 *
 * @param points the callosum's voxels, LPS mm.
 * @param left unit normal of the mirror plane.
 * @param onPlane a point of the mirror plane.
 * @returns `undefined` where fewer than 150 voxels lie within 20 mm of the plane.
 */
export const callosum = (
  points: readonly Point3<"lps">[],
  left: Vec3,
  onPlane: Point3<"lps">,
): Callosum | undefined => {
  const posterior = normalize(sub([0, 1, 0], scale(left, left[1])));
  const toPlane = mat3.fromRows(left, posterior, cross(left, posterior));
  const all = points.map((p) => mat3.apply(toPlane, sub(p, onPlane)));
  let width = 3;
  let near: Vec3[] = [];
  for (; width <= widest && near.length < fewest; width++) near = all.filter((p) => Math.abs(p[0]) <= width);
  if (near.length < fewest) return undefined;
  let front = Number.POSITIVE_INFINITY;
  let back = Number.NEGATIVE_INFINITY;
  for (const p of near) {
    front = Math.min(front, p[1]);
    back = Math.max(back, p[1]);
  }
  const quarter = (back - front) / 4;
  const middle = (front + back) / 2;
  const fromPlane = mat3.transpose(toPlane);
  const home = (p: Vec3): Point3<"lps"> => add(mat3.apply(fromPlane, p), onPlane);
  return {
    genu: home(centroid(near.filter((p) => p[1] <= front + quarter + rounding))),
    splenium: home(centroid(near.filter((p) => p[1] >= back - quarter - rounding))),
    lowestAnterior: home(lowestTenth(near.filter((p) => p[1] < middle - rounding))),
    lowestPosterior: home(lowestTenth(near.filter((p) => p[1] >= middle - rounding))),
  };
};

/** Angle of the line through the two lowest points against the posterior axis, degrees; positive: its back end is higher. */
export const callosalPitch = (c: Callosum, posterior: Vec3, superior: Vec3): number => {
  const line = sub(c.lowestPosterior as Vec3, c.lowestAnterior as Vec3);
  return (Math.atan2(dot(line, superior), dot(line, posterior)) * 180) / Math.PI;
};
