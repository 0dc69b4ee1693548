import { GeometryError } from "../errors.ts";
import { cross, dot, mapPoint, mat3, norm, type Plane, scale } from "../geometry/index.ts";
import { checkOptions, type KeysOf } from "../options.ts";
import type { Image, Volume } from "./image.ts";

/** The widest angle between two axes' cosines that still counts as a right angle. */
const square = 1e-3;

/** How a slice across each voxel axis is laid out: along which axes its columns and its rows run. */
const layouts = [
  { columns: 1, rows: 2 },
  { columns: 0, rows: 2 },
  { columns: 0, rows: 1 },
] as const;

/**
 * The voxel axis along which a volume's slices are stacked: the one with less than half as many voxels as either other
 * axis (a scout of 1 x 256 x 256 voxels lies across the first), else the last.
 */
export const stackAxis = ({ size }: Volume): 0 | 1 | 2 =>
  ([0, 1, 2] as const).find((a) => size.every((n, b) => b === a || 2 * size[a] < n)) ?? 2;

/** The voxels of slice k across an axis, row by row. */
const slicedData = ({ size, data }: Volume, k: number, axis: 0 | 1 | 2): Image["data"] => {
  const { columns, rows } = layouts[axis];
  const steps = [1, size[0], size[0] * size[1]];
  const count = size[columns] * size[rows];
  const out =
    data instanceof Uint8Array || data instanceof Uint16Array
      ? new (data.constructor as Uint8ArrayConstructor | Uint16ArrayConstructor)(count)
      : new Float32Array(count);
  for (let r = 0, at = 0; r < size[rows]; r++)
    for (let c = 0; c < size[columns]; c++) out[at++] = data[k * steps[axis] + c * steps[columns] + r * steps[rows]];
  return out;
};

const sliceKeys: KeysOf<{ readonly axis?: 0 | 1 | 2 }> = { axis: 1 };

/**
 * Slice k of a volume across voxel axis `axis` (default 2) as an Image with its plane: columns and rows run along the other
 * two axes, the lower one along columns. int16, int32 and float64 values become Float32Array. Throws GeometryError where k
 * is outside or those two axes are not at a right angle.
 */
export const sliceOfVolume = (volume: Volume, k: number, options: { readonly axis?: 0 | 1 | 2 } = {}): Image => {
  const { axis = 2 } = checkOptions("sliceOfVolume", options, sliceKeys);
  const { size, affine, frameOfReference, warnings } = volume;
  if (!Number.isInteger(k) || k < 0 || k >= size[axis])
    throw new GeometryError(`sliceOfVolume: k is ${k}; the volume has slices 0 to ${size[axis] - 1}`);
  const { columns, rows } = layouts[axis];
  const [i, j, step] = [columns, rows, axis].map((c) => mat3.column(affine.linear, c));
  const columnDirection = scale(i, 1 / norm(i));
  const rowDirection = scale(j, 1 / norm(j));
  const cosine = dot(columnDirection, rowDirection);
  if (Math.abs(cosine) > square)
    throw new GeometryError(
      `sliceOfVolume: the cosine between the axes ${"ijk"[columns]} and ${"ijk"[rows]} is ${cosine}; it must be 0: resample the volume without shear`,
    );
  const first: [number, number, number] = [0, 0, 0];
  first[axis] = k;
  const plane: Plane = {
    position: mapPoint(affine, first),
    columnDirection,
    rowDirection,
    spacing: [norm(j), norm(i)],
    rows: size[rows],
    columns: size[columns],
    thickness: Math.abs(dot(step, cross(columnDirection, rowDirection))),
  };
  const data = slicedData(volume, k, axis);
  return {
    width: size[columns],
    height: size[rows],
    channels: 1,
    data,
    plane,
    frameOfReference,
    ...(warnings && { warnings }),
  };
};

/** The slice nearest the middle of the stack (see `stackAxis`); of an even number the first of the two. */
export const middleSliceOfVolume = (volume: Volume): Image => {
  const axis = stackAxis(volume);
  return sliceOfVolume(volume, Math.floor((volume.size[axis] - 1) / 2), { axis });
};
