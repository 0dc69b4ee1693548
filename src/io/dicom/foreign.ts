import dicomParser, { type DataSet } from "dicom-parser";
import { ParseError } from "../../errors.ts";
import { type ReadLimits, withDefaults } from "../limits.ts";
import { texts } from "./numbers.ts";
import { scanDicom } from "./scan.ts";

const storage = "1.2.840.10008.5.1.4.1.1.";

/** SOP classes (PS3.4, annex B.5) of what lies beside images in folders, by the start of their UID. */
const foreign: readonly (readonly [string, string])[] = [
  ["1.2.840.10008.1.3.10", "a DICOMDIR"],
  [`${storage}9.`, "a waveform"],
  [`${storage}11.`, "a presentation state"],
  [`${storage}66`, "raw data, a registration or a segmentation"],
  [`${storage}67`, "a real-world value mapping"],
  [`${storage}88.`, "a structured report"],
  [`${storage}104.`, "an encapsulated document"],
  [`${storage}4.2`, "a spectrum"],
  [`${storage}481.3`, "a structure set"],
  [`${storage}481.5`, "a radiotherapy plan"],
  ["1.3.12.2.1107.5.9.1", "Siemens data without an image"],
];

const startsWith = (uid: string, start: string): boolean =>
  start.endsWith(".") ? uid.startsWith(start) : uid === start || uid.startsWith(`${start}.`);

const parsed = (bytes: Uint8Array, limits: ReadLimits): DataSet | undefined => {
  try {
    scanDicom(bytes, limits, { pixels: "optional" });
    return dicomParser.parseDicom(bytes, { untilTag: "x7fe00010" });
  } catch {
    return undefined; // what is damaged is for the image's reader to say
  }
};

/**
 * What a DICOM file is that is no image of a slice, in words: "a presentation state". undefined for an image, and for a file
 * that is damaged: `readDicom` says how.
 */
export const foreignDicom = (bytes: Uint8Array, limits: Partial<ReadLimits> = {}): string | undefined => {
  const set = parsed(bytes, withDefaults(limits));
  if (!set) return undefined;
  const uid = texts(set, "x00080016")[0] ?? texts(set, "x00020002")[0] ?? "";
  // Some scanners store slices as secondary captures; those say where they lie.
  if (startsWith(uid, `${storage}7`))
    return set.elements.x00200032 ? undefined : "a secondary capture (a screen's picture)";
  const known = foreign.find(([start]) => startsWith(uid, start));
  if (known) return known[1];
  // An image that lost its pixels still has their numbers; what never had pixels has neither.
  const hasImage =
    set.elements.x7fe00010 || set.elements.x00280010 || /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.[24](\.|$)/.test(uid);
  return hasImage || uid === "" ? undefined : "no image";
};

/** Refuses by name what `foreignDicom` knows. */
export const refuseForeign = (bytes: Uint8Array, limits: Partial<ReadLimits> = {}): void => {
  const what = foreignDicom(bytes, limits);
  if (what)
    throw new ParseError("dicom", `dicom: this is ${what}, not an image of a slice; leave the file out`, {
      field: "SOPClassUID",
    });
};
