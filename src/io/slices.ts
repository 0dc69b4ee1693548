import { GeometryError } from "../errors.ts";
import { cross, dot, mapPoint, mat3, norm, type Plane, scale } from "../geometry/index.ts";
import type { Image, Volume } from "./image.ts";

/** The widest angle between two axes' cosines that still counts as a right angle. */
const square = 1e-3;

/**
 * Slice k of a volume as an Image [ny, nx] with its plane: columns run along i, rows along j. int16, int32 and float64
 * values become Float32Array. Throws GeometryError where k is outside or i and j are not at a right angle.
 */
export const sliceOfVolume = (volume: Volume, k: number): Image => {
  const [nx, ny, nz] = volume.size;
  if (!Number.isInteger(k) || k < 0 || k >= nz)
    throw new GeometryError(`sliceOfVolume: k is ${k}; the volume has slices 0 to ${nz - 1}`);
  const [i, j, step] = ([0, 1, 2] as const).map((c) => mat3.column(volume.affine.linear, c));
  const columnDirection = scale(i, 1 / norm(i));
  const rowDirection = scale(j, 1 / norm(j));
  const cosine = dot(columnDirection, rowDirection);
  if (Math.abs(cosine) > square)
    throw new GeometryError(
      `sliceOfVolume: the cosine between the axes i and j is ${cosine}; it must be 0: resample the volume without shear`,
    );
  const plane: Plane = {
    position: mapPoint(volume.affine, [0, 0, k]),
    columnDirection,
    rowDirection,
    spacing: [norm(j), norm(i)],
    rows: ny,
    columns: nx,
    thickness: Math.abs(dot(step, cross(columnDirection, rowDirection))),
  };
  const part = volume.data.subarray(k * nx * ny, (k + 1) * nx * ny);
  const data = part instanceof Uint8Array || part instanceof Uint16Array ? part.slice() : Float32Array.from(part);
  return { width: nx, height: ny, channels: 1, data, plane, frameOfReference: volume.frameOfReference };
};

/** The slice nearest the middle of the stack; of an even number the first of the two. */
export const middleSliceOfVolume = (volume: Volume): Image =>
  sliceOfVolume(volume, Math.floor((volume.size[2] - 1) / 2));
