import { DataError } from "../../errors.ts";
import type { Point3 } from "../../geometry/index.ts";
import type { Volume } from "../../io/image.ts";

/** All labeled voxels of a volume (value > 0) as points. */
export interface LabelPoints {
  /** x, y, z of each labeled voxel's center, LPS mm: length 3 * count. */
  readonly points: Float64Array;
  /** Label of each point. */
  readonly labels: Int32Array;
  /** Mean position of each label's voxels. */
  readonly centroids: ReadonlyMap<number, Point3<"lps">>;
}

/** Label numbers go up to this; larger ones are taken for a volume that holds no labels. */
const largestLabel = 65535;

const countLabeled = ({ data }: Volume): number => {
  let count = 0;
  for (let i = 0; i < data.length; i++) if (data[i] > 0) count++;
  return count;
};

/**
 * Positions of all voxels with a label above 0, and the centroid of every label.
 * Throws DataError where no voxel is labeled, or a value is no label (not whole, or above 65535).
 */
export const labelPoints = (volume: Volume): LabelPoints => {
  const { data, size, affine } = volume;
  const [nx, ny, nz] = size;
  const [a, b, c, d, e, f, g, h, k] = affine.linear;
  const [ox, oy, oz] = affine.offset;
  const count = countLabeled(volume);
  if (count === 0)
    throw new DataError(
      "labels: no voxel is above 0; give a volume of region labels (0 is background), not a mask of zeros",
    );
  const points = new Float64Array(3 * count);
  const labels = new Int32Array(count);
  const sums = new Map<number, number[]>();
  let n = 0;
  for (let z = 0, at = 0; z < nz; z++)
    for (let y = 0; y < ny; y++)
      for (let x = 0; x < nx; x++, at++) {
        const label = data[at];
        if (!(label > 0)) continue;
        if (label > largestLabel || !Number.isInteger(label))
          throw new DataError(
            `labels: voxel (${x}, ${y}, ${z}) is ${label}; labels are whole numbers from 0 to ${largestLabel}`,
          );
        const px = a * x + b * y + c * z + ox;
        const py = d * x + e * y + f * z + oy;
        const pz = g * x + h * y + k * z + oz;
        points[3 * n] = px;
        points[3 * n + 1] = py;
        points[3 * n + 2] = pz;
        labels[n++] = label;
        const sum = sums.get(label) ?? [0, 0, 0, 0];
        if (sum[3] === 0) sums.set(label, sum);
        sum[0] += px;
        sum[1] += py;
        sum[2] += pz;
        sum[3]++;
      }
  const centroids = new Map<number, Point3<"lps">>();
  for (const [label, [x, y, z, m]] of sums) centroids.set(label, [x / m, y / m, z / m]);
  return { points, labels, centroids };
};

/** The points of the labels in `wanted`, as triples. */
export const pointsOf = ({ points, labels }: LabelPoints, wanted: ReadonlySet<number>): Point3<"lps">[] => {
  const out: Point3<"lps">[] = [];
  for (let i = 0; i < labels.length; i++)
    if (wanted.has(labels[i])) out.push([points[3 * i], points[3 * i + 1], points[3 * i + 2]]);
  return out;
};
