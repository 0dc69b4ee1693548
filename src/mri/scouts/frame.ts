import { DataError } from "../../errors.ts";
import {
  add,
  bestRotation,
  centroid,
  cross,
  dot,
  mat3,
  normalize,
  type Point3,
  scale,
  sub,
  symmetricEigen,
  type Vec3,
} from "../../geometry/index.ts";
import type { Volume } from "../../io/image.ts";
import { callosalPitch, callosum } from "./callosum.ts";
import { type FrameConstants, museFrame } from "./frame-constants.ts";
import type { HeadAxes, HeadTruth } from "./head.ts";
import { type LabelPoints, labelPoints, pointsOf } from "./labels.ts";
import { boxLandmarks, callosumLabel, regionLandmarks, vermisLabels } from "./landmarks.ts";
import { surfaceLandmarks } from "./surface.ts";

/** Shares of the brain's voxels that are cut off at each end before its middle is taken. */
const lowShare = 0.001;
const highShare = 0.999;
/** Fewer pairs leave the mirror plane to chance. */
const fewestPairs = 4;

/** Unit normal, towards the left, of the plane in which the labels mirror each other best, and a point of the plane. */
const mirrorPlane = (centroids: LabelPoints["centroids"], constants: FrameConstants): { left: Vec3; onPlane: Vec3 } => {
  const pairs: [Vec3, Vec3][] = [];
  for (const [l, r] of constants.pairs) {
    const left = centroids.get(l);
    const right = centroids.get(r);
    if (left && right) pairs.push([left as Vec3, right as Vec3]);
  }
  if (pairs.length < fewestPairs)
    throw new DataError(
      `labels: ${pairs.length} of ${constants.pairs.length} left/right pairs are there, ${fewestPairs} are needed for a mirror plane; ` +
        "give labels in MUSE numbering (59/60 thalamus right/left, 57/58 putamen ...) or other frame constants",
    );
  const middle = constants.midline
    .map((label) => centroids.get(label) as Vec3 | undefined)
    .filter((p) => p !== undefined);
  const onPlane = centroid([...pairs.map(([l, r]) => scale(add(l, r), 0.5)), ...middle]);
  const moments = new Array<number>(9).fill(0);
  // Pairs pull with l r' + r l' (negative along the normal), midline points with p p': both are least along it.
  const gather = (p: Vec3, q: Vec3) => {
    for (let i = 0; i < 3; i++) for (let j = 0; j < 3; j++) moments[3 * i + j] += (p[i] * q[j] + q[i] * p[j]) / 2;
  };
  for (const [l, r] of pairs) gather(sub(l, onPlane), sub(r, onPlane));
  for (const p of middle) gather(sub(p, onPlane), sub(p, onPlane));
  const normal = symmetricEigen(3, moments).vectors[0] as unknown as Vec3;
  return { left: normal[0] < 0 ? scale(normal, -1) : normal, onPlane };
};

/** The axes: the mirror plane's normal, and the pitch of the mean shape turned onto the head. */
const axesOf = (centroids: LabelPoints["centroids"], constants: FrameConstants, left: Vec3): HeadAxes => {
  const shared = [...constants.meanShape].filter(([label]) => centroids.has(label));
  const rotation = bestRotation(
    shared.map(([, p]) => p as Vec3),
    shared.map(([label]) => centroids.get(label) as Vec3),
  );
  const mean = mat3.column(rotation, 1);
  const posterior = normalize(sub(mean, scale(left, dot(left, mean))));
  return [left, posterior, cross(left, posterior)];
};

/** Value at rank `share * (n - 1)` of sorted numbers, interpolated between neighbors. */
const atShare = (sorted: Float64Array, share: number): number => {
  const rank = share * (sorted.length - 1);
  const low = Math.floor(rank);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low] + (sorted[high] - sorted[low]) * (rank - low);
};

/** Middle of the points along one axis, without stragglers; extent around it with them (`size`) and without (`robust`). */
const extentAlong = (points: Float64Array, axis: Vec3): { middle: number; size: number; robust: number } => {
  const along = new Float64Array(points.length / 3);
  for (let i = 0; i < along.length; i++)
    along[i] = axis[0] * points[3 * i] + axis[1] * points[3 * i + 1] + axis[2] * points[3 * i + 2];
  along.sort();
  const low = atShare(along, lowShare);
  const high = atShare(along, highShare);
  const middle = (low + high) / 2;
  return { middle, size: 2 * Math.max(middle - along[0], along[along.length - 1] - middle), robust: high - low };
};

/**
 * The reference frame of a head from its label volume: what errors are measured against. It shares nothing with the
 * code that estimates the same box from scouts.
 *
 * Left is the normal of the best mirror plane of the label pairs and midline labels; the pitch is that of the mean shape
 * turned onto the head's centroids; the box holds every voxel above 0, symmetric about the middle of the 0.1 and 99.9
 * percentiles along each axis. All in LPS mm. Throws DataError where labels are no labels or too few of them are known.
 */
export const referenceFrame = (labels: Volume, constants: FrameConstants = museFrame): HeadTruth => {
  const all = labelPoints(labels);
  const { left, onPlane } = mirrorPlane(all.centroids, constants);
  const axes = axesOf(all.centroids, constants, left);
  const extents = axes.map((axis) => extentAlong(all.points, axis));
  const center = axes.reduce<Vec3>(
    (sum, axis, k) => add(sum, scale(axis, extents[k].middle)),
    [0, 0, 0],
  ) as Point3<"lps">;
  const size = extents.map((e) => e.size) as unknown as Vec3;
  const corpus = callosum(pointsOf(all, new Set([callosumLabel])), left, onPlane as Point3<"lps">);
  const vermis = pointsOf(all, vermisLabels);
  // The faces of the landmarks are where 99.8 % of the brain ends: a straggling voxel would make them jump.
  const robust = extents.map((e) => e.robust) as unknown as Vec3;
  return {
    axes,
    center,
    size,
    landmarks: {
      ...regionLandmarks(
        all.centroids,
        vermis.length > 0 ? (centroid(vermis as Vec3[]) as Point3<"lps">) : undefined,
        corpus,
      ),
      ...boxLandmarks(axes, center, robust),
      ...surfaceLandmarks(all.points, axes),
    },
    callosalPitchDeg: corpus ? callosalPitch(corpus, axes[1], axes[2]) : null,
  };
};
