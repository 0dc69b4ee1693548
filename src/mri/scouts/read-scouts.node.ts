import { statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { DataError } from "../../errors.ts";
import { planeClass } from "../../geometry/index.ts";
import { type Image, middleSlice } from "../../io/index.ts";
import { readDicomFolder, readImage } from "../../io/node/index.ts";

const isFolder = (path: string): boolean => {
  try {
    return statSync(path).isDirectory();
  } catch {
    throw new DataError(`${path}: no such file or folder; name three scouts, or one folder that holds them`);
  }
};

const isNifti = (name: string): boolean => /\.nii(\.gz)?$/i.test(name);

/** Scouts of a folder: its NIfTI files, or of each DICOM stack of one orientation the slice nearest its middle. */
const fromFolder = async (folder: string): Promise<Image[]> => {
  const names = (await readdir(folder)).filter(isNifti).sort();
  if (names.length > 0) return Promise.all(names.map((n) => readImage(join(folder, n))));
  const { series } = await readDicomFolder(folder, { byOrientation: true });
  return series.map((s) => {
    const slice = middleSlice(s);
    return { ...slice.image, plane: slice.plane, frameOfReference: slice.frameOfReference };
  });
};

/**
 * Three scouts from three files or folders, or from one folder. From a series with several slices a plane, the one nearest
 * the stack's middle is taken. Throws DataError or ParseError naming the file and the cure.
 */
export const readScouts = async (paths: readonly string[]): Promise<Image[]> => {
  const images = (
    await Promise.all(paths.map(async (p) => (isFolder(p) ? fromFolder(p) : [await readImage(p)])))
  ).flat();
  const planes = images.map((i) => (i.plane ? planeClass(i.plane) : "without a plane"));
  if (images.length !== 3)
    throw new DataError(
      `${paths.join(", ")}: ${images.length} scouts found (${planes.join(", ") || "none"}); give one sagittal, one coronal and one axial scout`,
    );
  return images;
};
