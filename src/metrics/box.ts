import { GeometryError } from "../errors.ts";
import { distance, mat3, norm, type OrientedBox, sub, type Vec3, vectorFromRotation } from "../geometry/index.ts";
import { overlapVolume } from "./box-overlap.ts";

/** How far a found box is from the reference. */
export interface BoxErrors {
  readonly centerMm: number;
  /** Components of the rotation vector of R_ref' R_est in the reference's own axes, degrees. */
  readonly rotvecErrorDeg: Vec3;
  /** Length of `rotvecErrorDeg`. */
  readonly totalDeg: number;
  /** Found minus reference along each axis. */
  readonly sizeErrorMm: Vec3;
  /** How far the brain sticks out of a box of the true size, without margins, at the found place; at least 0. */
  readonly protrusionMm: number;
  /** Share of the brain's voxels inside the found box with its margins. */
  readonly coverage: number;
  /** Volume of the found box with its margins over that of the tight reference box. */
  readonly volumeRatio: number;
  /** Intersection over union of the two boxes without margins. */
  readonly iou: number;
}

/** Margin on each side of the found box for `coverage` and `volumeRatio`, mm. */
export const coverageMarginMm = 5;

const checkBox = (box: OrientedBox, what: string): void => {
  if (!box.size.every((s) => s > 0 && Number.isFinite(s)))
    throw new GeometryError(`${what}: size is [${box.size.join(", ")}] mm; it must be three positive numbers`);
  if (![...box.center, ...box.axes.flat()].every(Number.isFinite))
    throw new GeometryError(`${what}: center or axes hold a number that is not finite; a refused box has no errors`);
};

/** Rotation vector, in the reference's axes, that turns the reference's axes into the found ones; degrees. */
export const rotationError = (found: OrientedBox["axes"], reference: OrientedBox["axes"]): Vec3 => {
  // The axes are rows here, so this is R_ref' R_est of matrices with the axes as columns.
  const turn = mat3.multiply(mat3.fromRows(...reference), mat3.transpose(mat3.fromRows(...found)));
  return vectorFromRotation(turn);
};

/** How two boxes of one head differ, where neither is the truth. */
export interface BoxAgreement {
  readonly centerMm: number;
  /** Components of the rotation vector of R_b' R_a in the axes of b, degrees, and its length. */
  readonly rotvecDeg: Vec3;
  readonly totalDeg: number;
  /** Size of a minus that of b along each axis. */
  readonly sizeMm: Vec3;
  /** Intersection over union. */
  readonly iou: number;
}

const volume = (size: Vec3): number => size[0] * size[1] * size[2];

/** How far box a is from box b, in one frame. Throws GeometryError for a box without finite, positive numbers. */
export const boxAgreement = (a: OrientedBox, b: OrientedBox): BoxAgreement => {
  checkBox(a, "boxAgreement: the first box");
  checkBox(b, "boxAgreement: the second box");
  const rotvec = rotationError(a.axes, b.axes);
  const both = overlapVolume(a, b);
  return {
    centerMm: distance(a.center as Vec3, b.center as Vec3),
    rotvecDeg: rotvec,
    totalDeg: norm(rotvec),
    sizeMm: sub(a.size, b.size),
    iou: both / (volume(a.size) + volume(b.size) - both),
  };
};

/**
 * For each axis of the box, how far the farthest point lies from the box's center plane (mm), and how many points lie
 * within `half` on all three.
 */
const reach = (points: Float64Array, box: OrientedBox, half: Vec3): { farthest: Vec3; inside: number } => {
  const [[a, b, c], [d, e, f], [g, h, i]] = box.axes;
  const [cx, cy, cz] = box.center;
  let [far0, far1, far2, inside] = [0, 0, 0, 0];
  for (let n = 0; n < points.length; n += 3) {
    const x = points[n] - cx;
    const y = points[n + 1] - cy;
    const z = points[n + 2] - cz;
    const u = Math.abs(a * x + b * y + c * z);
    const v = Math.abs(d * x + e * y + f * z);
    const w = Math.abs(g * x + h * y + i * z);
    if (u > far0) far0 = u;
    if (v > far1) far1 = v;
    if (w > far2) far2 = w;
    if (u <= half[0] && v <= half[1] && w <= half[2]) inside++;
  }
  return { farthest: [far0, far1, far2], inside };
};

/**
 * Errors of a found box against the reference.
 *
 * @param brain x, y, z of every brain voxel's center in the same frame as the boxes, mm: length 3 * count.
 * Throws GeometryError for a box without finite, positive numbers, or an empty brain.
 */
export const boxErrors = (found: OrientedBox, reference: OrientedBox, brain: Float64Array): BoxErrors => {
  checkBox(found, "boxErrors: found");
  checkBox(reference, "boxErrors: reference");
  if (brain.length < 3)
    throw new GeometryError("boxErrors: no brain voxels; give the points of a label volume that has labels above 0");
  const { centerMm, rotvecDeg, totalDeg, sizeMm, iou } = boxAgreement(found, reference);
  const margins = found.size.map((s) => s + 2 * coverageMarginMm) as unknown as Vec3;
  const { farthest, inside } = reach(brain, found, margins.map((s) => s / 2) as unknown as Vec3);
  return {
    centerMm,
    rotvecErrorDeg: rotvecDeg,
    totalDeg,
    sizeErrorMm: sizeMm,
    protrusionMm: Math.max(0, ...farthest.map((v, k) => v - reference.size[k] / 2)),
    coverage: inside / (brain.length / 3),
    volumeRatio: volume(margins) / volume(reference.size),
    iou,
  };
};
