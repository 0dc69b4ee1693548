import dicomParser, { type DataSet } from "dicom-parser";
import { GeometryError, ParseError } from "../../errors.ts";
import { checkPlane, dot, normalize, type Plane, scale, sub, type Vec3 } from "../../geometry/index.ts";
import { checkOptions, type KeysOf } from "../../options.ts";
import { checkLength, failing, guarded } from "../guard.ts";
import { type ReadLimits, withDefaults } from "../limits.ts";
import { type Warn, warningList } from "../warning.ts";
import { refuseForeign } from "./foreign.ts";
import { decimals, label, oneDecimal, tagText } from "./numbers.ts";
import { pixelsOf } from "./pixels.ts";
import { scanDicom } from "./scan.ts";
import type { DicomSlice } from "./slice.ts";

const fail = failing("dicom");

export const isDicom = (bytes: Uint8Array): boolean =>
  bytes.length >= 132 && bytes[128] === 0x44 && bytes[129] === 0x49 && bytes[130] === 0x43 && bytes[131] === 0x4d;

const numbers = (set: DataSet, tag: string, name: string, count: number): number[] => {
  const found = decimals(set, tag, name);
  if (found.length !== count)
    fail(
      name,
      undefined,
      `${name} ${tagText(tag)} has ${found.length} values, ${count} are needed; the image does not say where it lies in the patient (enhanced and scanned images do not)`,
    );
  return found;
};

/** A UID as it stands, without its padding. Throws ParseError for anything that is not digits and points. */
const uid = (set: DataSet, tag: string, name: string): string | undefined => {
  const text = set.string(tag)?.replace(/[\0 ]+$/, "");
  if (text === undefined || text === "") return undefined;
  if (!/^[0-9.]{1,64}$/.test(text))
    fail(name, set.elements[tag].dataOffset, `${name} is no UID (digits and points, at most 64); the file is damaged`);
  return text;
};

const requiredUid = (set: DataSet, tag: string, name: string): string =>
  uid(set, tag, name) ?? fail(name, undefined, `${name} ${tagText(tag)} is missing; the file is damaged`);

const planeOf = (set: DataSet, rows: number, columns: number, thickness: number | undefined): Plane => {
  const o = numbers(set, "x00200037", "ImageOrientationPatient", 6);
  const p = numbers(set, "x00200032", "ImagePositionPatient", 3);
  const s = numbers(set, "x00280030", "PixelSpacing", 2);
  const said =
    oneDecimal(set, "x00180050", "SliceThickness") || oneDecimal(set, "x00180088", "SpacingBetweenSlices") || thickness;
  if (said === undefined)
    return fail(
      "SliceThickness",
      undefined,
      "neither SliceThickness (0018,0050) nor SpacingBetweenSlices (0018,0088) is given; state it with the option thickness, in mm",
    );
  const raw: Plane = {
    position: p as unknown as Vec3,
    columnDirection: o.slice(0, 3) as unknown as Vec3,
    rowDirection: o.slice(3) as unknown as Vec3,
    spacing: [s[0], s[1]],
    rows,
    columns,
    thickness: said,
  };
  checkPlane(raw, "dicom");
  // Decimal strings round the cosines; make them an orthonormal pair again.
  const columnDirection = normalize(raw.columnDirection);
  const across = sub(raw.rowDirection, scale(columnDirection, dot(raw.rowDirection, columnDirection)));
  return { ...raw, columnDirection, rowDirection: normalize(across) };
};

const sliceOf = (set: DataSet, limits: ReadLimits, thickness: number | undefined, warn: Warn): DicomSlice => {
  const sopClass = requiredUid(set, "x00080016", "SOPClassUID");
  const { rows, columns, data } = pixelsOf(set, limits, warn);
  const plane = planeOf(set, rows, columns, thickness);
  const frameOfReference = uid(set, "x00200052", "FrameOfReferenceUID");
  const modality = set.string("x00080060");
  return {
    image: { width: columns, height: rows, channels: 1, data, plane, frameOfReference },
    plane,
    frameOfReference,
    studyUid: uid(set, "x0020000d", "StudyInstanceUID"),
    seriesUid: requiredUid(set, "x0020000e", "SeriesInstanceUID"),
    seriesNumber: label(set, "x00200011", "SeriesNumber", warn),
    instanceUid: requiredUid(set, "x00080018", "SOPInstanceUID"),
    instanceNumber: label(set, "x00200013", "InstanceNumber", warn),
    sopClass,
    modality: modality && /^[A-Z]{2,16}$/.test(modality) ? modality : undefined,
    spacingBetweenSlices: oneDecimal(set, "x00180088", "SpacingBetweenSlices"),
  };
};

export interface ReadDicomOptions {
  readonly limits?: Partial<ReadLimits>;
  /** Slice thickness to assume where the file gives none, mm. */
  readonly thickness?: number;
}
/** @internal */
export const readDicomKeys: KeysOf<ReadDicomOptions> = { limits: 1, thickness: 1 };

/**
 * A classic single-frame DICOM file (Part 10, implicit or explicit little endian, uncompressed, gray) -> its pixels and
 * geometry. Unsigned values without rescaling stay Uint8Array or Uint16Array, all others become Float32Array with
 * RescaleSlope and RescaleIntercept applied. Padding (PixelPaddingValue) gets the darkest value of the rest. Decimal strings
 * are read whole or refused. Throws ParseError; other transfer syntaxes and Siemens mosaics are refused by name.
 */
export const readDicom = (bytes: Uint8Array, options: ReadDicomOptions = {}): DicomSlice => {
  checkOptions("readDicom", options, readDicomKeys);
  return guarded("dicom", () => {
    const limits = withDefaults(options.limits);
    checkLength("dicom", bytes, limits.maxFileBytes, "maxFileBytes");
    refuseForeign(bytes, limits);
    scanDicom(bytes, limits);
    const set = dicomParser.parseDicom(bytes, { untilTag: "x7fe00010" });
    const { warn, taken } = warningList();
    try {
      const slice = sliceOf(set, limits, options.thickness, warn);
      return { ...slice, image: { ...slice.image, ...taken() } };
    } catch (error) {
      if (error instanceof GeometryError)
        throw new ParseError("dicom", `${error.message}; the image's geometry cannot be used`);
      throw error;
    }
  });
};
