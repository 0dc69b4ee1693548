import { add, normalize, type PlaneClass, type Point3, scale, type Vec3 } from "../../geometry/index.ts";
import type { HeadAxes } from "./head.ts";

/** Share of the brain's voxels whose mean is a surface landmark: the tip along an axis, the cap of an oblique one. */
const tipShare = 0.005;
const capShare = 0.1;
/** Projections that are equal but for rounding (mm) lie on the same side of a limit. */
const rounding = 1e-6;
/** Bins of the histogram that finds the outermost points without sorting all of them. */
const bins = 4096;

/** A line through the brain, in the head's axes (left, posterior, superior), and the names of its two ends. */
interface SurfaceLine {
  readonly direction: Vec3;
  readonly share: number;
  readonly ahead: string;
  readonly behind: string;
}

const tip = (direction: Vec3, ahead: string, behind: string): SurfaceLine => ({
  direction,
  share: tipShare,
  ahead,
  behind,
});
const cap = (direction: Vec3, ahead: string, behind: string): SurfaceLine => ({
  direction,
  share: capShare,
  ahead,
  behind,
});

const lines: readonly SurfaceLine[] = [
  tip([1, 0, 0], "brain_left", "brain_right"),
  tip([0, 1, 0], "brain_posterior", "brain_anterior"),
  tip([0, 0, 1], "brain_superior", "brain_inferior"),
  cap([0, 1, 1], "brain_posterior_superior", "brain_anterior_inferior"),
  cap([0, 1, -1], "brain_posterior_inferior", "brain_anterior_superior"),
  cap([1, 0, 1], "brain_superior_left", "brain_inferior_right"),
  cap([1, 0, -1], "brain_inferior_left", "brain_superior_right"),
  cap([1, 1, 0], "brain_posterior_left", "brain_anterior_right"),
  cap([1, -1, 0], "brain_anterior_left", "brain_posterior_right"),
];

/** The surface landmarks of each scout: those whose direction lies in its plane, so that its outline shows them. */
export const surfaceSets: Readonly<Record<PlaneClass, readonly string[]>> = {
  sagittal: [
    "brain_anterior",
    "brain_posterior",
    "brain_superior",
    "brain_inferior",
    "brain_anterior_superior",
    "brain_anterior_inferior",
    "brain_posterior_superior",
    "brain_posterior_inferior",
  ],
  coronal: [
    "brain_left",
    "brain_right",
    "brain_superior",
    "brain_inferior",
    "brain_superior_left",
    "brain_superior_right",
    "brain_inferior_left",
    "brain_inferior_right",
  ],
  axial: [
    "brain_left",
    "brain_right",
    "brain_anterior",
    "brain_posterior",
    "brain_anterior_left",
    "brain_anterior_right",
    "brain_posterior_left",
    "brain_posterior_right",
  ],
};

/** Mean of the n points that lie furthest along the side (1 ahead, -1 behind), and of any level with the last of them. */
const endMean = (
  points: Float64Array,
  along: Float64Array,
  bin: Uint16Array,
  counts: Int32Array,
  n: number,
  side: 1 | -1,
): Vec3 => {
  // The bin that the n-th point lies in is taken apart, those beyond it are taken whole.
  let edge = side > 0 ? bins - 1 : 0;
  let beyond = 0;
  while (beyond + counts[edge] < n) {
    beyond += counts[edge];
    edge -= side;
  }
  const atEdge: number[] = [];
  const sum: [number, number, number] = [0, 0, 0];
  const limit = edge * side;
  for (let i = 0; i < bin.length; i++) {
    const at = bin[i] * side;
    if (at > limit) {
      sum[0] += points[3 * i];
      sum[1] += points[3 * i + 1];
      sum[2] += points[3 * i + 2];
    } else if (at === limit) atEdge.push(i);
  }
  atEdge.sort((a, b) => side * (along[b] - along[a]));
  const last = along[atEdge[n - beyond - 1]] * side - rounding;
  const level = atEdge.filter((i) => along[i] * side >= last);
  for (const i of level) for (let k = 0; k < 3; k++) sum[k] += points[3 * i + k];
  return scale(sum, 1 / (beyond + level.length));
};

/** Means of the points at both ends of a direction. */
const ends = (points: Float64Array, [a, b, c]: Vec3, share: number): { ahead: Vec3; behind: Vec3 } => {
  const count = points.length / 3;
  const along = new Float64Array(count);
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < count; i++) {
    const v = a * points[3 * i] + b * points[3 * i + 1] + c * points[3 * i + 2];
    along[i] = v;
    if (v < low) low = v;
    if (v > high) high = v;
  }
  const perMm = high > low ? (bins - 1) / (high - low) : 0;
  const counts = new Int32Array(bins);
  const bin = new Uint16Array(count);
  for (let i = 0; i < count; i++) {
    const at = ((along[i] - low) * perMm) | 0;
    bin[i] = at;
    counts[at]++;
  }
  const n = Math.max(1, Math.round(share * count));
  const end = (side: 1 | -1): Vec3 => endMean(points, along, bin, counts, n, side);
  return { ahead: end(1), behind: end(-1) };
};

/**
 * Where the brain's surface lies: landmarks that say where the box is, which points inside the brain do not. Along each
 * of the head's axes the mean of the outermost 0.5 % of the brain's voxels, along each diagonal between two axes the
 * mean of the outermost 10 %. Shares and directions were chosen by measurement: docs/landmarks.md.
 *
 * @param points x, y, z of each of the brain's voxels, LPS mm; at least one.
 */
export const surfaceLandmarks = (points: Float64Array, axes: HeadAxes): Record<string, Point3<"lps">> => {
  const out: Record<string, Point3<"lps">> = {};
  for (const { direction, share, ahead, behind } of lines) {
    const inPatient = axes.reduce<Vec3>((sum, axis, k) => add(sum, scale(axis, direction[k])), [0, 0, 0]);
    const found = ends(points, normalize(inPatient), share);
    out[ahead] = found.ahead as Point3<"lps">;
    out[behind] = found.behind as Point3<"lps">;
  }
  return out;
};
