import { statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { DataError } from "../../errors.ts";
import { type PlaneClass, planeClass } from "../../geometry/index.ts";
import { readDicomKeys } from "../../io/dicom/read.ts";
import { checkFinite } from "../../io/finite.ts";
import { type Image, middleSlice, type ReadDicomOptions, type ReadWarning } from "../../io/index.ts";
import { foreignName, readDicomFolder, readImage, skippedFile } from "../../io/node/open.ts";
import { checkOptions } from "../../options.ts";

/** A reader's warning, and the scout it is about; `null`: what was left out of a folder. */
export interface ScoutWarning extends ReadWarning {
  readonly scout: PlaneClass | null;
}

/** Scouts as files hold them, and what was said while they were read: of one scout, or of what was left out. */
export interface ReadScouts {
  readonly scouts: readonly Image[];
  readonly warnings: readonly ScoutWarning[];
}

/** A scout with the name of the file it came from. */
interface Named {
  readonly file: string;
  readonly image: Image;
}

const isFolder = (path: string): boolean => {
  try {
    return statSync(path).isDirectory();
  } catch {
    throw new DataError(`${path}: no such file or folder; name three scouts, or one folder that holds them`);
  }
};

const isNifti = (name: string): boolean => /\.nii(\.gz)?$/i.test(name);

/** The NIfTI files of a folder; what lies beside them is left out. */
const fromNifti = async (
  folder: string,
  names: readonly string[],
  skip: (w: ReadWarning) => void,
): Promise<Named[]> => {
  const own: string[] = [];
  for (const name of names) {
    const foreign = foreignName(name) ?? (isNifti(name) ? undefined : "this is no NIfTI file");
    if (foreign) skip(skippedFile(join(folder, name), foreign));
    else own.push(join(folder, name));
  }
  return Promise.all(own.map(async (file) => ({ file, image: await readImage(file) })));
};

/** Scouts of a folder: its NIfTI files, or where it has *.dcm or no NIfTI of each DICOM stack of one orientation the slice nearest its middle. */
const fromFolder = async (
  folder: string,
  options: ReadDicomOptions,
  skip: (w: ReadWarning) => void,
): Promise<Named[]> => {
  const entries = (await readdir(folder, { withFileTypes: true })).filter((e) => !e.isDirectory());
  const names = entries.map((e) => e.name).sort();
  // Beside DICOM scouts a NIfTI file is the volume they belong to, as in examples/scouts.
  const dicom = names.some((n) => /\.dcm$/i.test(n) && !foreignName(n));
  if (!dicom && names.some((n) => isNifti(n) && !foreignName(n))) return fromNifti(folder, names, skip);
  const { series, warnings } = await readDicomFolder(folder, { ...options, byOrientation: true });
  for (const w of warnings) if (w.code === "skipped") skip(w);
  return series.map((s) => {
    const slice = middleSlice(s);
    const { plane, frameOfReference } = slice;
    return { file: slice.file as string, image: { ...slice.image, plane, frameOfReference } };
  });
};

const planeOf = ({ file, image }: Named): PlaneClass => {
  if (!image.plane)
    throw new DataError(`${file}: the picture does not say where it lies in the patient; give DICOM or NIfTI`);
  return planeClass(image.plane);
};

/**
 * Three scouts from three files or folders, or from one folder. From a series with several slices a plane, the one nearest
 * the stack's middle is taken. Throws DataError or ParseError naming the file and the cure: for what cannot be read, for
 * NaN and infinities, unless each plane is there once.
 */
export const readScouts = async (paths: readonly string[], options: ReadDicomOptions = {}): Promise<ReadScouts> => {
  checkOptions("readScouts", options, readDicomKeys);
  const warnings: ScoutWarning[] = [];
  const skip = (w: ReadWarning): void => void warnings.push({ ...w, scout: null });
  const read: Named[] = [];
  for (const path of paths)
    read.push(
      ...(isFolder(path)
        ? await fromFolder(path, options, skip)
        : [{ file: path, image: await readImage(path, options) }]),
    );
  const planes = read.map(planeOf);
  if (read.length !== 3)
    throw new DataError(
      `${paths.join(", ")}: ${read.length} scouts found (${planes.join(", ") || "none"}); give one sagittal, one coronal and one axial scout`,
    );
  planes.forEach((plane, i) => {
    const twin = planes.indexOf(plane);
    if (twin < i)
      throw new DataError(
        `${read[twin].file} and ${read[i].file} are both ${plane}; give one sagittal, one coronal and one axial scout`,
      );
  });
  for (const { file, image } of read) checkFinite(file, image);
  read.forEach(({ image }, i) => {
    warnings.push(...(image.warnings ?? []).map((w) => ({ ...w, scout: planes[i] })));
  });
  return { scouts: read.map((r) => r.image), warnings };
};
