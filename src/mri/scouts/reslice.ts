import { GeometryError } from "../../errors.ts";
import {
  add,
  checkPlane,
  invertAffine,
  mapPoint,
  mat3,
  normal,
  type Plane,
  type Point3,
  scale,
  type Vec3,
} from "../../geometry/index.ts";
import type { Image, Volume } from "../../io/image.ts";
import { checkOptions, type KeysOf } from "../../options.ts";

/** One sample of a pixel: where it lies from the pixel's center (columns, rows, mm along the normal) and its weight. */
export interface PixelSample {
  readonly column: number;
  readonly row: number;
  readonly through: number;
  readonly weight: number;
}

export interface ResliceOptions {
  /** Value of what lies outside the volume (beyond half a voxel from its outermost centers). Default 0. */
  readonly outside?: number;
  /** Samples of which a pixel is the weighted sum. Default: `thicknessSamples(plane.thickness)`. */
  readonly samples?: readonly PixelSample[];
}
const resliceKeys: KeysOf<ResliceOptions> = { outside: 1, samples: 1 };

/**
 * Samples through a slice with a rectangular profile: `count` parts of equal thickness, sampled in their middles, each
 * with weight 1 / count. By default one part a millimeter, so that 5 mm are five samples at -2, -1, 0, 1, 2 mm.
 */
export const thicknessSamples = (
  thickness: number,
  count = Math.max(1, Math.round(thickness)),
): readonly PixelSample[] =>
  Array.from({ length: count }, (_, i) => ({
    column: 0,
    row: 0,
    through: ((i + 0.5) / count - 0.5) * thickness,
    weight: 1 / count,
  }));

/**
 * Eight samples that average over the pixel's area as well as through the slice: eight depths, each in one quarter of
 * the pixel. Every quarter is met at depths that add up to zero, so that an oblique edge is not moved. Pixels of 2 mm
 * made this way look like pixels of 1 mm averaged 2 x 2, at a fifth of the work.
 */
export const areaSamples = (thickness: number): readonly PixelSample[] => {
  const quarters = [
    [-1, -1],
    [1, -1],
    [-1, 1],
    [1, 1],
    [1, 1],
    [-1, 1],
    [1, -1],
    [-1, -1],
  ];
  return quarters.map(([c, r], i) => ({
    column: c / 4,
    row: r / 4,
    through: ((i + 0.5) / quarters.length - 0.5) * thickness,
    weight: 1 / quarters.length,
  }));
};

/** Range of whole steps t, within [from, to], for which start + t * step stays within [low, high]; empty as [1, 0]. */
const clip = (start: number, step: number, low: number, high: number, range: [number, number]): void => {
  if (Math.abs(step) < 1e-12) {
    if (start < low || start > high) range[1] = range[0] - 1;
    return;
  }
  const a = (low - start) / step;
  const b = (high - start) / step;
  range[0] = Math.max(range[0], Math.ceil(Math.min(a, b)));
  range[1] = Math.min(range[1], Math.floor(Math.max(a, b)));
};

/**
 * Adds weight * (value - outside) along one row of pixels. The position runs in voxels from (x, y, z) by (dx, dy, dz).
 * Positions up to half a voxel beyond the outermost centers take the edge's value.
 */
const addRow = (
  data: Volume["data"],
  [nx, ny, nz]: readonly [number, number, number],
  [x0, y0, z0]: Vec3,
  [dx, dy, dz]: Vec3,
  out: Float32Array,
  at: number,
  columns: number,
  weight: number,
  outside: number,
): void => {
  const range: [number, number] = [0, columns - 1];
  clip(x0, dx, -0.5, nx - 0.5, range);
  clip(y0, dy, -0.5, ny - 0.5, range);
  clip(z0, dz, -0.5, nz - 0.5, range);
  const plane = nx * ny;
  for (let c = range[0]; c <= range[1]; c++) {
    let x = x0 + c * dx;
    let y = y0 + c * dy;
    let z = z0 + c * dz;
    x = x < 0 ? 0 : Math.min(x, nx - 1);
    y = y < 0 ? 0 : Math.min(y, ny - 1);
    z = z < 0 ? 0 : Math.min(z, nz - 1);
    const ix = x | 0;
    const iy = y | 0;
    const iz = z | 0;
    const fx = x - ix;
    const fy = y - iy;
    const fz = z - iz;
    const sx = ix < nx - 1 ? 1 : 0;
    const sy = iy < ny - 1 ? nx : 0;
    const low = ix + nx * iy + plane * iz;
    const high = iz < nz - 1 ? low + plane : low;
    const v00 = data[low] + fx * (data[low + sx] - data[low]);
    const v10 = data[low + sy] + fx * (data[low + sy + sx] - data[low + sy]);
    const v01 = data[high] + fx * (data[high + sx] - data[high]);
    const v11 = data[high + sy] + fx * (data[high + sy + sx] - data[high + sy]);
    const v0 = v00 + fy * (v10 - v00);
    out[at + c] += weight * (v0 + fz * (v01 + fy * (v11 - v01) - v0) - outside);
  }
};

/**
 * Image of a volume in any plane: trilinear interpolation, integrated over the slice's thickness by several samples.
 * Throws GeometryError for a plane or an affine that makes no sense.
 *
 * @returns rows x columns, float32, in the volume's own gray values, with `plane` as given.
 */
export const reslice = (
  volume: Volume,
  plane: Plane,
  options: ResliceOptions = {},
): Image & { readonly data: Float32Array } => {
  checkOptions("reslice", options, resliceKeys);
  checkPlane(plane, "reslice");
  const { outside = 0, samples = thicknessSamples(plane.thickness) } = options;
  const { size, data } = volume;
  if (data.length !== size[0] * size[1] * size[2])
    throw new GeometryError(
      `reslice: the volume's size is ${size.join("x")} but it has ${data.length} values; they must agree`,
    );
  const toVoxel = invertAffine(volume.affine);
  const perColumn = mat3.apply(toVoxel.linear, scale(plane.columnDirection, plane.spacing[1]));
  const perRow = mat3.apply(toVoxel.linear, scale(plane.rowDirection, plane.spacing[0]));
  const perMm = mat3.apply(toVoxel.linear, normal(plane));
  const first = mapPoint(toVoxel, plane.position as Point3<"lps">) as Vec3;
  const out = new Float32Array(plane.rows * plane.columns);
  for (const s of samples) {
    const origin = add(add(first, scale(perMm, s.through)), add(scale(perColumn, s.column), scale(perRow, s.row)));
    for (let r = 0; r < plane.rows; r++)
      addRow(
        data,
        size,
        add(origin, scale(perRow, r)),
        perColumn,
        out,
        r * plane.columns,
        plane.columns,
        s.weight,
        outside,
      );
  }
  if (outside !== 0) {
    const total = samples.reduce((sum, s) => sum + s.weight, 0);
    for (let i = 0; i < out.length; i++) out[i] += total * outside;
  }
  const image = { width: plane.columns, height: plane.rows, channels: 1 as const, data: out, plane };
  return volume.frameOfReference === undefined ? image : { ...image, frameOfReference: volume.frameOfReference };
};
