import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { DataError, ParseError } from "../../errors.ts";
import type { PlaneClass, Point3, Vec3 } from "../../geometry/index.ts";
import { checkFinite } from "../../io/finite.ts";
import type { Volume } from "../../io/image.ts";
import { readNifti } from "../../io/nifti/read.ts";
import { skippedFile } from "../../io/node/open.ts";
import { inFileWarnings, type ReadWarning } from "../../io/warning.ts";
import { referenceFrame } from "./frame.ts";
import type { Head, HeadTruth } from "./head.ts";
import { labelPoints } from "./labels.ts";
import { landmarkSets } from "./landmarks.ts";
import { sameGrid } from "./same-grid.ts";
import { surfaceLandmarks, surfaceSets } from "./surface.ts";

export type SplitName = "train" | "validation" | "test" | "all";

/** A folder of heads: `t1/ID.nii.gz`, and where there are any `labels/ID.nii.gz`, `split.json`, `truth.json`. */
export interface MriFolder {
  readonly directory: string;
  /** Every subject with a volume, sorted. */
  readonly subjects: readonly string[];
  /** Subjects of one part. Throws DataError where split.json is missing or does not have it; "all" needs none. */
  split(name: SplitName): readonly string[];
  /** Landmark names a plane: truth.json's and, where there are labels, those of the brain's surface; else the package's. */
  readonly landmarkSets: Readonly<Record<PlaneClass, readonly string[]>>;
  /**
   * Reads one head; its truth comes from truth.json, else from its labels, else it is null. Landmarks of the brain's
   * surface come from the labels where truth.json has none.
   */
  head(subject: string): Head;
  /** Reads the label volume; null where the subject has none. */
  labels(subject: string): Volume | null;
  /** What lies in t1/ and labels/ and is no volume, and what the readers of volumes said; grows as heads are read. */
  readonly warnings: readonly ReadWarning[];
}

const vec3 = z.tuple([z.number(), z.number(), z.number()]);
const truthFile = z.object({
  frame: z.literal("LPS"),
  planes: z
    .object({ sagittal: z.array(z.string()), coronal: z.array(z.string()), axial: z.array(z.string()) })
    .optional(),
  subjects: z.record(
    z.string(),
    z.object({
      axes: z.tuple([vec3, vec3, vec3]),
      centre_mm: vec3,
      size_mm: vec3,
      callosal_pitch_deg: z.number().nullable().optional(),
      landmarks_mm: z.record(z.string(), vec3),
    }),
  ),
});
const splitFile = z.object({
  train: z.array(z.string()).optional(),
  validation: z.array(z.string()).optional(),
  test: z.array(z.string()).optional(),
});

const endings = [".nii.gz", ".nii"];

/** Reads and checks one JSON file; undefined where it is missing. */
const readJson = <T>(path: string, schema: z.ZodType<T>): T | undefined => {
  if (!existsSync(path)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new ParseError("json", `${path}: ${(error as Error).message}; write valid JSON or remove the file`, {
      file: path,
    });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path: at, message } = parsed.error.issues[0];
  throw new DataError(`${path}: ${at.join(".") || "the whole file"}: ${message}; correct the file or remove it`);
};

const stems = (directory: string, skip: (w: ReadWarning) => void): Map<string, string> => {
  const found = new Map<string, string>();
  if (!existsSync(directory)) return found;
  for (const name of readdirSync(directory).sort()) {
    const ending = endings.find((e) => name.endsWith(e));
    // Names that begin with a point are hidden: what macOS keeps beside a file ends as the file does.
    if (!ending || name.startsWith(".")) {
      if (ending) skip(skippedFile(join(directory, name), "this is a hidden file, no volume of a head"));
      continue;
    }
    const stem = name.slice(0, -ending.length);
    const twin = found.get(stem);
    if (twin)
      throw new DataError(
        `${directory}: both ${name} and ${twin.slice(directory.length + 1)} are there; keep one of them`,
      );
    found.set(stem, join(directory, name));
  }
  return found;
};

/** Reads one volume, whose numbers must be finite, and says in every error which file it was. */
const readVolumeFile = (path: string, warn: (w: ReadWarning) => void): Volume => {
  try {
    // A plain Uint8Array: a Buffer's slice() shares its memory, which parsers do not expect.
    const file = readFileSync(path);
    const volume = readNifti(new Uint8Array(file.buffer, file.byteOffset, file.byteLength));
    checkFinite(path, volume);
    for (const w of inFileWarnings(path, volume.warnings)) warn(w);
    return volume;
  } catch (error) {
    if (error instanceof ParseError) {
      error.file = path;
      error.message = `${path}: ${error.message}`;
    }
    throw error;
  }
};

const truthFrom = (t: z.infer<typeof truthFile>["subjects"][string]): HeadTruth => ({
  axes: t.axes,
  center: t.centre_mm as Point3<"lps">,
  size: t.size_mm as Vec3,
  landmarks: t.landmarks_mm,
  callosalPitchDeg: t.callosal_pitch_deg ?? null,
});

/** No subject may be in two parts, and each must have a volume. */
const checkSplit = (path: string, split: z.infer<typeof splitFile>, volumes: ReadonlyMap<string, string>): void => {
  const seen = new Map<string, string>();
  for (const [part, subjects] of Object.entries(split))
    for (const subject of subjects ?? []) {
      const other = seen.get(subject);
      if (other) throw new DataError(`${path}: ${subject} is in ${other} and in ${part}; keep it in one part`);
      if (!volumes.has(subject))
        throw new DataError(
          `${path}: ${subject} (${part}) has no volume t1/${subject}.nii.gz; add it or drop the name`,
        );
      seen.set(subject, part);
    }
};

/** Labels must lie on the grid of the volume they describe. */
const checkGrid = (path: string, labels: Volume, volume: Volume): void => {
  if (!sameGrid(labels, volume))
    throw new DataError(
      `${path}: the labels' grid ${labels.size.join("x")} is not the volume's ${volume.size.join("x")} with the same place; resample the labels onto the volume`,
    );
};

/**
 * Opens a folder of heads without reading its volumes. Node only.
 * Throws DataError or ParseError naming the file, the value and the cure.
 */
export const openMriFolder = (directory: string): MriFolder => {
  const said = new Map<string, ReadWarning>(); // by text: a head that is read twice warns once
  const warn = (w: ReadWarning): void => void said.set(w.text, w);
  const volumes = stems(join(directory, "t1"), warn);
  if (volumes.size === 0) throw new DataError(`${join(directory, "t1")}: no volumes; put them there as t1/ID.nii.gz`);
  const labelFiles = stems(join(directory, "labels"), warn);
  const splitPath = join(directory, "split.json");
  const split = readJson(splitPath, splitFile);
  if (split) checkSplit(splitPath, split, volumes);
  const truth = readJson(join(directory, "truth.json"), truthFile);

  const fileOf = (subject: string): string => {
    const file = volumes.get(subject);
    if (!file)
      throw new DataError(
        `${join(directory, "t1")}: no volume of subject ${subject}; the folder has ${volumes.size}, e.g. ${[...volumes.keys()][0]}`,
      );
    return file;
  };
  const labels = (subject: string): Volume | null => {
    const file = labelFiles.get(subject);
    return file ? readVolumeFile(file, warn) : null;
  };
  /** What `make` gets from a subject's labels; null where it has none. */
  const fromLabels = <T>(subject: string, volume: Volume, make: (labels: Volume) => T): T | null => {
    const found = labels(subject);
    if (!found) return null;
    const path = labelFiles.get(subject) as string;
    checkGrid(path, found, volume);
    try {
      return make(found);
    } catch (error) {
      throw error instanceof DataError ? new DataError(`${path}: ${error.message}`, { cause: error }) : error;
    }
  };
  /** truth.json's own landmarks first, then those of the surface that it does not have. */
  const completed = (subject: string, volume: Volume, given: HeadTruth): HeadTruth => {
    const surface = fromLabels(subject, volume, (found) => surfaceLandmarks(labelPoints(found).points, given.axes));
    return { ...given, landmarks: { ...given.landmarks, ...surface, ...given.landmarks } };
  };
  const sets =
    truth?.planes && labelFiles.size > 0
      ? {
          sagittal: [...new Set([...truth.planes.sagittal, ...surfaceSets.sagittal])],
          coronal: [...new Set([...truth.planes.coronal, ...surfaceSets.coronal])],
          axial: [...new Set([...truth.planes.axial, ...surfaceSets.axial])],
        }
      : (truth?.planes ?? landmarkSets);
  return {
    directory,
    subjects: [...volumes.keys()],
    landmarkSets: sets,
    split(name) {
      if (name === "all") return [...volumes.keys()];
      const part = split?.[name];
      if (!part)
        throw new DataError(
          `${splitPath}: ${split ? `it has no part "${name}"` : "the file is missing"}; write { "${name}": ["ID", ...] } or use --split all`,
        );
      return part;
    },
    labels,
    get warnings() {
      return [...said.values()];
    },
    head(subject) {
      const volume = readVolumeFile(fileOf(subject), warn);
      const given = truth?.subjects[subject];
      return {
        subject,
        volume,
        truth: given
          ? completed(subject, volume, truthFrom(given))
          : fromLabels(subject, volume, (found) => referenceFrame(found)),
      };
    },
  };
};
