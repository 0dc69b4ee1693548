import {
  type Affine,
  type Mat3,
  mat3,
  norm,
  rotationFromVector,
  scale,
  type Vec3,
  vectorFromRotation,
} from "../../geometry/index.ts";
import { failing } from "../guard.ts";
import type { NiftiHeader } from "./header.ts";

const fail = failing("nifti");
const degree = Math.PI / 180;

/** Negates x and y: patient RAS <-> LPS. */
const flip = (a: { linear: Mat3; offset: Vec3 }): { linear: Mat3; offset: Vec3 } => ({
  linear: a.linear.map((v, i) => (i < 6 ? -v : v)) as unknown as Mat3,
  offset: [-a.offset[0], -a.offset[1], a.offset[2]],
});

/** Millimeters in one spatial unit of xyzt_units; unknown is taken as millimeters. */
const millimeters = (units: number): number => ({ 1: 1000, 3: 0.001 })[units & 7] ?? 1;

const scaleColumns = (m: Mat3, s: Vec3): Mat3 => m.map((v, i) => v * s[i % 3]) as unknown as Mat3;

/** The qform's rotation from the quaternion's last three parts (NIfTI-1, method 2). */
const rotationOfQuaternion = (bcd: Vec3): Mat3 => {
  const sine = norm(bcd);
  if (sine > 1 + 1e-3)
    fail("quatern", 256, `the quaternion (${bcd.join(", ")}) has length ${sine}; it must be at most 1`);
  if (sine === 0) return mat3.identity3;
  const angle = 2 * Math.atan2(sine, Math.sqrt(Math.max(0, 1 - sine * sine)));
  return rotationFromVector(scale(bcd, angle / degree / sine));
};

const rasOf = ({ fields: f, sform: s }: NiftiHeader): { linear: Mat3; offset: Vec3; from: string } => {
  if (f.sform_code > 0)
    return {
      linear: [s[0], s[1], s[2], s[4], s[5], s[6], s[8], s[9], s[10]],
      offset: [s[3], s[7], s[11]],
      from: "sform",
    };
  // Axes beyond dim[0] have no pixdim worth reading.
  const steps = [1, 2, 3].map((i) => (i <= f.dims[0] ? f.pixDims[i] : 1)) as unknown as Vec3;
  if (f.qform_code <= 0) return { linear: scaleColumns(mat3.identity3, steps), offset: [0, 0, 0], from: "pixdim" };
  const handed: Vec3 = [steps[0], steps[1], f.pixDims[0] < 0 ? -steps[2] : steps[2]];
  return {
    linear: scaleColumns(rotationOfQuaternion([f.quatern_b, f.quatern_c, f.quatern_d]), handed),
    offset: [f.qoffset_x, f.qoffset_y, f.qoffset_z],
    from: "qform",
  };
};

/** Voxel -> LPS millimeters: from the sform if its code says so, else the qform, else the voxel sizes alone. */
export const placementOf = (header: NiftiHeader): Affine<"voxel", "lps"> => {
  const ras = rasOf(header);
  const numbers = [...ras.linear, ...ras.offset];
  if (!numbers.every(Number.isFinite))
    fail(
      ras.from,
      undefined,
      `the ${ras.from} holds ${numbers.find((v) => !Number.isFinite(v))}; all its numbers must be finite`,
    );
  const volume = [0, 1, 2].reduce((product, c) => product * norm(mat3.column(ras.linear, c as 0 | 1 | 2)), 1);
  if (!(Math.abs(mat3.determinant(ras.linear)) > 1e-6 * volume))
    fail(
      ras.from,
      undefined,
      `the ${ras.from}'s matrix [${ras.linear.join(", ")}] is singular; write a proper orientation into the file`,
    );
  const unit = millimeters(header.fields.xyzt_units);
  const { linear, offset } = flip(ras);
  return { linear: linear.map((v) => v * unit) as unknown as Mat3, offset: scale(offset, unit) };
};

export interface NiftiPlacement {
  /** pixdim[0..3]: the handedness and the voxel's size, mm. */
  readonly pixdim: readonly [number, number, number, number];
  /** quatern_b, c, d; undefined for a sheared affine, which a qform cannot say. */
  readonly quaternion: Vec3 | undefined;
  /** Patient position of voxel (0, 0, 0), RAS. */
  readonly offset: Vec3;
  /** srow_x, srow_y, srow_z. */
  readonly sform: readonly number[];
}

/** The header's numbers for an LPS affine. */
export const headerPlacement = (affine: Affine<"voxel", "lps">): NiftiPlacement => {
  const { linear, offset } = flip({ linear: affine.linear, offset: affine.offset as Vec3 });
  const sizes = [0, 1, 2].map((c) => norm(mat3.column(linear, c as 0 | 1 | 2)));
  const handedness = mat3.determinant(linear) < 0 ? -1 : 1;
  const rotation = scaleColumns(linear, [1 / sizes[0], 1 / sizes[1], handedness / sizes[2]]);
  const product = mat3.multiply(mat3.transpose(rotation), rotation);
  const orthogonal = product.every((v, i) => Math.abs(v - mat3.identity3[i]) < 1e-6);
  const turn = vectorFromRotation(rotation);
  const angle = norm(turn);
  return {
    pixdim: [handedness, sizes[0], sizes[1], sizes[2]],
    quaternion: orthogonal ? scale(turn, angle === 0 ? 0 : Math.sin((angle / 2) * degree) / angle) : undefined,
    offset,
    sform: [0, 1, 2].flatMap((r) => [...mat3.row(linear, r as 0 | 1 | 2), offset[r]]),
  };
};
