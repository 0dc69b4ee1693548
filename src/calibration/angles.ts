import type { OrientedBox } from "../geometry/index.ts";
import {
  cross,
  dot,
  type PlaneClass,
  rotationOf,
  scale,
  sub,
  type Vec3,
  vectorFromRotation,
} from "../geometry/index.ts";
import { normalize } from "../geometry/vec3.ts";
import { packDirections } from "./slices.ts";
import type { Calibration } from "./types.ts";

/** The plane whose normal each patient axis is: left, posterior, superior. */
const letters = ["S", "C", "T"] as const;
const degrees = 180 / Math.PI;

/** A double-oblique plane in an operator's words. */
export interface ObliqueAngles {
  /** Patient axis (0 left, 1 posterior, 2 superior) nearest the normal, then the other two, larger tilt first. */
  readonly order: readonly [number, number, number];
  /** Tilt from the first plane to the second, then out of their common turn towards the third, degrees. */
  readonly tilts: readonly [number, number];
}

/**
 * Describes a slice normal as two tilts. The normal is first turned so that it points left, posterior or superior
 * along its nearest patient axis `a`; with components n_a > 0, n_b, n_c (|n_b| >= |n_c|) the first tilt is
 * atan2(n_b, n_a), the second asin(n_c). A tilt is positive where the normal leans to the left, back or top.
 * Scanner makers differ in the sign they show; this is the sign used here.
 */
export const obliqueAngles = (normal: Vec3): ObliqueAngles => {
  const order = [0, 1, 2].sort((i, j) => Math.abs(normal[j]) - Math.abs(normal[i])) as [number, number, number];
  const n = normalize(scale(normal, normal[order[0]] < 0 ? -1 : 1));
  return { order, tilts: [Math.atan2(n[order[1]], n[order[0]]) * degrees, Math.asin(n[order[2]]) * degrees] };
};

/** The unit normal two tilts describe: the inverse of `obliqueAngles`, up to the normal's sign. */
export const normalFromAngles = ({ order, tilts }: ObliqueAngles): Vec3 => {
  const [first, second] = tilts.map((t) => t / degrees);
  const n = [0, 0, 0];
  n[order[0]] = Math.cos(first) * Math.cos(second);
  n[order[1]] = Math.sin(first) * Math.cos(second);
  n[order[2]] = Math.sin(second);
  return n as unknown as Vec3;
};

/** "T", "T > C 12.3" or "T > C 12.3 > S -4.1": T transversal (axial), C coronal, S sagittal; one decimal. */
export const obliqueText = (normal: Vec3): string => {
  const { order, tilts } = obliqueAngles(normal);
  const [first, second] = tilts.map((t) => t.toFixed(1));
  const zero = (t: string): boolean => Number(t) === 0;
  let text: string = letters[order[0]];
  if (!zero(first) || !zero(second)) text += ` > ${letters[order[1]]} ${zero(first) ? "0.0" : first}`;
  if (!zero(second)) text += ` > ${letters[order[2]]} ${second}`;
  return text;
};

/**
 * Turn of the image within its plane, degrees: from where columns would run were they as near as possible to the
 * patient's left (axial, coronal) or back (sagittal), to where they do, about the normal.
 */
const inPlane = (column: Vec3, normal: Vec3, orientation: PlaneClass): number => {
  const wanted: Vec3 = orientation === "sagittal" ? [0, 1, 0] : [1, 0, 0];
  const flat = sub(wanted, scale(normal, dot(wanted, normal)));
  return Math.atan2(dot(cross(flat, column), normal), dot(flat, column)) * degrees;
};

/** The angles of a box whose slices lie as `orientation` says. */
export const boxAngles = (box: OrientedBox, orientation: PlaneClass): Calibration["angles"] => {
  const { column, normal } = packDirections(box.axes, orientation);
  return {
    text: obliqueText(normal),
    rotvecDeg: vectorFromRotation(rotationOf(box)),
    inPlaneDeg: inPlane(column, normal, orientation),
  };
};
