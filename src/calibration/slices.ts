import { GeometryError } from "../errors.ts";
import type { OrientedBox } from "../geometry/index.ts";
import { add, checkBox, type PlaneClass, type Point3, scale, type Vec3, withSize } from "../geometry/index.ts";
import { checkOptions, type KeysOf } from "../options.ts";
import type { SliceGeometry } from "./types.ts";

/** How slices lie in a box. */
export interface PackOptions {
  readonly orientation: PlaneClass;
  readonly thicknessMm: number;
  readonly gapMm: number;
  /** In-plane pixel size, mm. */
  readonly voxelMm: number;
}
const packKeys: KeysOf<PackOptions> = { orientation: 1, thicknessMm: 1, gapMm: 1, voxelMm: 1 };

/** One way to lay slices: which box axes columns, rows and slices run along, and in which direction. */
interface Layout {
  readonly column: readonly [axis: 0 | 1 | 2, sign: 1 | -1];
  readonly row: readonly [axis: 0 | 1 | 2, sign: 1 | -1];
  /** column x row: slices are numbered along it. */
  readonly slice: readonly [axis: 0 | 1 | 2, sign: 1 | -1];
}

/** As radiologists look at them: front up (axial), top up (coronal, sagittal), the patient's right on the left. */
const layouts: Readonly<Record<PlaneClass, Layout>> = {
  axial: { column: [0, 1], row: [1, 1], slice: [2, 1] },
  coronal: { column: [0, 1], row: [2, -1], slice: [1, 1] },
  sagittal: { column: [1, 1], row: [2, -1], slice: [0, -1] },
};

/** Direction of the slices' normal (columns x rows) and of their columns, in the patient. */
export const packDirections = (
  axes: OrientedBox["axes"],
  orientation: PlaneClass,
): { column: Vec3; row: Vec3; normal: Vec3 } => {
  const along = ([axis, sign]: readonly [0 | 1 | 2, 1 | -1]): Vec3 => scale(axes[axis], sign);
  const l = layouts[orientation];
  return { column: along(l.column), row: along(l.row), normal: along(l.slice) };
};

// Rounding must not add a pixel where a size is whole but for the last bits.
const whole = (v: number): number => Math.max(1, Math.ceil(v - 1e-6));

/**
 * The box enlarged, about its center, to whole pixels and whole slices: rows and columns of `voxelMm`, and the fewest
 * slices whose thicknesses and the gaps between them span it.
 */
export const roundBox = (box: OrientedBox, o: PackOptions): OrientedBox => {
  checkOptions("roundBox", o, packKeys);
  const l = layouts[o.orientation];
  const size = [...box.size];
  for (const axis of [l.column[0], l.row[0]]) size[axis] = whole(size[axis] / o.voxelMm) * o.voxelMm;
  const n = whole((size[l.slice[0]] + o.gapMm) / (o.thicknessMm + o.gapMm));
  size[l.slice[0]] = n * o.thicknessMm + (n - 1) * o.gapMm;
  return withSize(box, size as unknown as Vec3);
};

/**
 * The slices that fill a box, with the geometry DICOM would give each (PS3.3 C.7.6.2: ImagePositionPatient is the
 * center of the first pixel). The box is rounded first; its faces are the outer edges of the outermost pixels.
 */
export const slicePack = (tight: OrientedBox, o: PackOptions): SliceGeometry[] => {
  checkOptions("slicePack", o, packKeys);
  checkBox(tight);
  if (!(o.thicknessMm > 0) || !(o.voxelMm > 0) || !(o.gapMm > -o.thicknessMm))
    throw new GeometryError(
      `slicePack: thickness ${o.thicknessMm}, gap ${o.gapMm}, pixel ${o.voxelMm} mm; want positive, above -thickness, positive`,
    );
  const box = roundBox(tight, o);
  const l = layouts[o.orientation];
  const { column, row, normal } = packDirections(box.axes, o.orientation);
  const columns = Math.round(box.size[l.column[0]] / o.voxelMm);
  const rows = Math.round(box.size[l.row[0]] / o.voxelMm);
  const step = o.thicknessMm + o.gapMm;
  const n = Math.round((box.size[l.slice[0]] + o.gapMm) / step);
  const corner = add(
    box.center,
    add(scale(column, -((columns - 1) / 2) * o.voxelMm), scale(row, -((rows - 1) / 2) * o.voxelMm)),
  );
  return Array.from({ length: n }, (_, i) => ({
    imagePositionPatient: add(corner, scale(normal, (i - (n - 1) / 2) * step)) as Point3<"lps">,
    imageOrientationPatient: [...column, ...row] as unknown as SliceGeometry["imageOrientationPatient"],
    pixelSpacingMm: [o.voxelMm, o.voxelMm],
    rows,
    columns,
    thicknessMm: o.thicknessMm,
    gapMm: o.gapMm,
  }));
};
