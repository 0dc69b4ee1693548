import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { DataError, GeometryError, ParseError } from "../../errors.ts";
import { checkOptions, type KeysOf } from "../../options.ts";
import {
  type DicomSeries,
  type DicomSlice,
  foreignDicom,
  isDicom,
  type ReadDicomOptions,
  readDicom,
  seriesFromSlices,
  volumeFromSeries,
} from "../dicom/index.ts";
import { readDicomKeys } from "../dicom/read.ts";
import { gunzip, gunzipHead, isGzip } from "../gunzip.ts";
import type { Image, Volume } from "../image.ts";
import { type ReadLimits, withDefaults } from "../limits.ts";
import { isNifti, readNifti } from "../nifti/read.ts";
import { isPng } from "../png.ts";
import { middleSliceOfVolume } from "../slices.ts";
import { inFileWarnings, type ReadWarning, type Warn, warningList } from "../warning.ts";
import { fileError } from "./errors.ts";
import { readBytes } from "./files.ts";
import { readPng } from "./png.ts";

/** Puts the file's name in front of an error's message, and into a ParseError's `file`. */
const named = <T>(path: string, read: () => T): T => {
  try {
    return read();
  } catch (error) {
    if (error instanceof GeometryError) throw new GeometryError(`${path}: ${error.message}`);
    if (!(error instanceof ParseError)) throw error;
    throw new ParseError(error.format, `${path}: ${error.message}`, {
      offset: error.offset,
      field: error.field,
      file: path,
    });
  }
};

/** What was read, with the file's name in front of each warning. */
const signed = <T extends Image | Volume>(path: string, read: T, more: readonly ReadWarning[] = []): T => {
  const warnings = inFileWarnings(path, [...more, ...(read.warnings ?? [])]);
  return warnings.length > 0 ? { ...read, warnings } : read;
};

/** Enough of a file's content to tell its format. */
const headBytes = 352;

/**
 * A file's bytes, without a gzip layer around DICOM or PNG. A gzipped NIfTI stays as it is: its reader knows from the
 * header how long it may become.
 */
const read = async (path: string, limits: ReadLimits, warn: Warn): Promise<Uint8Array> => {
  const bytes = await readBytes(path, limits.maxFileBytes);
  return named(path, () => {
    if (bytes.length === 0) throw new ParseError("file", "the file is empty; copy it again");
    if (!isGzip(bytes)) return bytes;
    const head = gunzipHead(bytes, headBytes);
    return isDicom(head) || isPng(head) ? gunzip(bytes, limits.maxImageFileBytes, warn) : bytes;
  });
};

/** The bytes of a DICOM file; undefined for another format. */
const dicomBytes = async (path: string, limits: ReadLimits, warn: Warn): Promise<Uint8Array | undefined> => {
  const bytes = await readBytes(path, limits.maxFileBytes);
  if (!isGzip(bytes)) return isDicom(bytes) ? bytes : undefined;
  return named(path, () =>
    isDicom(gunzipHead(bytes, headBytes)) ? gunzip(bytes, limits.maxImageFileBytes, warn) : undefined,
  );
};

const isFolder = async (path: string): Promise<boolean> => {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    throw fileError("read", path, error);
  }
};

const unknown = (kinds: string): never => {
  throw new ParseError("file", `this is not ${kinds}, by its first bytes; convert it to one of these`);
};

/** An open file's picture, by its content: PNG, a DICOM image, or the middle slice of a NIfTI-1 volume. */
export const readImage = async (path: string, options: ReadDicomOptions = {}): Promise<Image> => {
  checkOptions("readImage", options, readDicomKeys);
  const { warn, taken } = warningList();
  const bytes = await read(path, withDefaults(options.limits), warn);
  return named(path, () => {
    const image = (): Image => {
      if (isPng(bytes)) return readPng(bytes, options.limits);
      if (isDicom(bytes)) return readDicom(bytes, options).image;
      if (isGzip(bytes) || isNifti(bytes)) return middleSliceOfVolume(readNifti(bytes, options.limits));
      return unknown("a PNG, DICOM or NIfTI-1 image");
    };
    return signed(path, image(), taken().warnings);
  });
};

const folderKeys: KeysOf<ReadDicomOptions & { readonly byOrientation?: boolean }> = {
  ...readDicomKeys,
  byOrientation: 1,
};

export interface DicomFolder {
  readonly series: readonly DicomSeries[];
  /** Names of files that are not DICOM images. */
  readonly skipped: readonly string[];
  /** What was skipped and why, and what the readers of the images said. */
  readonly warnings: readonly ReadWarning[];
}

/** The warning for a file of a folder that is left out. */
export const skippedFile = (file: string, what: string): ReadWarning => ({
  code: "skipped",
  text: `${file}: ${what}; left out`,
  cure: "take the file out of the folder",
});

/** Why a file of a folder is no image of the series, by its name; undefined where its content decides. */
export const foreignName = (name: string): string | undefined => {
  if (name === "DICOMDIR") return "this is a DICOMDIR";
  return name.startsWith("._") ? "this is what macOS keeps beside a file" : undefined;
};

/**
 * All DICOM images of a folder (not of folders below it; gzipped ones too), as sorted series. What is no DICOM image of a
 * slice (DICOMDIR, presentation states, structured reports, screen pictures, other formats) is skipped, listed and warned of.
 * Throws ParseError naming the file for a damaged image, DataError for a series that is not whole (see seriesFromSlices)
 * and where the folder holds no image.
 */
export const readDicomFolder = async (
  path: string,
  options: ReadDicomOptions & { readonly byOrientation?: boolean } = {},
): Promise<DicomFolder> => {
  const { byOrientation, ...reading } = checkOptions("readDicomFolder", options, folderKeys);
  if (!(await isFolder(path)))
    throw new DataError(`cannot read ${path} as a folder: it is a file; give the folder that holds the series`);
  const entries = await readdir(path, { withFileTypes: true }).catch((error: unknown) => {
    throw fileError("read", path, error);
  });
  const names = entries
    .filter((e) => !e.isDirectory())
    .map((e) => e.name)
    .sort();
  const slices: DicomSlice[] = [];
  const skipped: string[] = [];
  const warnings: ReadWarning[] = [];
  for (const name of names) {
    const file = join(path, name);
    const { warn, taken } = warningList();
    const bytes = foreignName(name) ? undefined : await dicomBytes(file, withDefaults(options.limits), warn);
    const kind = bytes && foreignDicom(bytes, options.limits);
    const what = foreignName(name) ?? (bytes ? kind && `this is ${kind}` : "this is no DICOM file");
    if (!bytes || what) {
      skipped.push(name);
      warnings.push(skippedFile(file, what as string));
      continue;
    }
    const slice = named(file, () => readDicom(bytes, reading));
    const image = signed(file, slice.image, taken().warnings);
    warnings.push(...(image.warnings ?? []));
    slices.push({ ...slice, image, file });
  }
  if (slices.length === 0)
    throw new DataError(
      `${path}: none of its ${names.length} files is a DICOM image; give the folder that holds the series' files`,
    );
  return { series: seriesFromSlices(slices, { byOrientation }), skipped, warnings };
};

/** A volume by its content: NIfTI-1 (gzipped or not), one DICOM image, or a folder with one DICOM series. */
export const readVolume = async (path: string, options: ReadDicomOptions = {}): Promise<Volume> => {
  checkOptions("readVolume", options, readDicomKeys);
  if (await isFolder(path)) {
    const { series, warnings } = await readDicomFolder(path, options);
    if (series.length !== 1)
      throw new DataError(
        `${path}: it holds ${series.length} DICOM series; put the one you mean into a folder of its own`,
      );
    return { ...volumeFromSeries(series[0]), ...(warnings.length > 0 && { warnings }) };
  }
  const { warn, taken } = warningList();
  const bytes = await read(path, withDefaults(options.limits), warn);
  return named(path, () => {
    const volume = (): Volume => {
      if (isDicom(bytes)) return volumeFromSeries(seriesFromSlices([readDicom(bytes, options)])[0]);
      if (isGzip(bytes) || isNifti(bytes)) return readNifti(bytes, options.limits);
      return unknown("a NIfTI-1 volume or a DICOM image");
    };
    return signed(path, volume(), taken().warnings);
  });
};
