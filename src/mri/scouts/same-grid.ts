import type { Volume } from "../../io/image.ts";

const close = (a: readonly number[], b: readonly number[], tolerance: number): boolean =>
  a.every((v, i) => Math.abs(v - b[i]) < tolerance);

/** Whether two volumes have the same voxels at the same place, but for what a file format rounds: labels and their head. */
export const sameGrid = (a: Volume, b: Volume): boolean =>
  close(a.size, b.size, 0.5) &&
  close(a.affine.linear, b.affine.linear, 1e-3) &&
  close(a.affine.offset, b.affine.offset, 0.1);
