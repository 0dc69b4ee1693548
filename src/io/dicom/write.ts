import { DataError } from "../../errors.ts";
import { checkPlane, type Plane } from "../../geometry/index.ts";
import type { Image } from "../image.ts";
import { type DicomElement, decimalString, encodeElements } from "./encode.ts";
import { explicitLittleEndian } from "./syntax.ts";
import { dicomUid } from "./uid.ts";

/** What becomes one file of a series. Left-out UIDs are derived from the content. */
export interface DicomOutput {
  /** One channel, [rows, columns] as the plane says. */
  readonly image: Image;
  readonly plane: Plane;
  readonly frameOfReference?: string;
  /** Equal for all series of one examination. */
  readonly studyUid?: string;
  /** Equal for all slices of one series, and for them only. */
  readonly seriesUid?: string;
  readonly seriesNumber?: number;
  /** 1, 2, ... in the series. */
  readonly instanceNumber?: number;
  /** mm, center to center. */
  readonly spacingBetweenSlices?: number;
  /** At most 64 characters, such as "scout sagittal". */
  readonly seriesDescription?: string;
  /** A made-up name of the subject, such as "SIM^HEAD"; empty by default. Never a real person's. */
  readonly subject?: string;
}

const mrImageStorage = "1.2.840.10008.5.1.4.1.1.4";
const implementation = dicomUid("fiducial", "implementation");
const full = 65_535;

interface Stored {
  readonly values: Uint16Array;
  readonly lowest: number;
  readonly highest: number;
  /** As DICOM's decimal strings; undefined where stored values are the values. */
  readonly rescale: { readonly slope: string; readonly intercept: string } | undefined;
}

/** 16-bit values: whole numbers of 0 to 65535 as they are, others spread over the range with a slope and an intercept. */
const storedOf = (data: Image["data"]): Stored => {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  let whole = true;
  for (const v of data) {
    if (!Number.isFinite(v)) throw new DataError(`writeDicom: the image holds ${v}; all pixels must be finite`);
    lowest = Math.min(lowest, v);
    highest = Math.max(highest, v);
    whole &&= Number.isInteger(v);
  }
  if (whole && lowest >= 0 && highest <= full)
    return { values: Uint16Array.from(data), lowest, highest, rescale: undefined };
  const intercept = decimalString(lowest);
  const slope = decimalString(highest > lowest ? (highest - lowest) / full : 1);
  // The strings are what a reader sees: quantize with them, not with the numbers before rounding.
  const code = (v: number): number => Math.min(full, Math.max(0, Math.round((v - Number(intercept)) / Number(slope))));
  return {
    values: Uint16Array.from(data, code),
    lowest: code(lowest),
    highest: code(highest),
    rescale: { slope, intercept },
  };
};

const littleEndianBytes = (values: Uint16Array): Uint8Array => {
  const view = new DataView(new ArrayBuffer(2 * values.length));
  for (let i = 0; i < values.length; i++) view.setUint16(2 * i, values[i], true);
  return new Uint8Array(view.buffer);
};

const checkInput = ({ image, plane, ...rest }: DicomOutput): void => {
  checkPlane(plane, "writeDicom");
  if (image.channels !== 1)
    throw new DataError(`writeDicom: the image has ${image.channels} channels; only gray images (1) are written`);
  if (image.width !== plane.columns || image.height !== plane.rows || image.data.length !== image.width * image.height)
    throw new DataError(
      `writeDicom: the image is ${image.width}x${image.height} with ${image.data.length} values, its plane ${plane.columns}x${plane.rows}; they must agree`,
    );
  for (const [name, uid] of [
    ["studyUid", rest.studyUid],
    ["seriesUid", rest.seriesUid],
    ["frameOfReference", rest.frameOfReference],
  ])
    if ((uid !== undefined && !/^(0|[1-9]\d*)(\.(0|[1-9]\d*))+$/.test(uid.slice(0, 65))) || (uid?.length ?? 0) > 64)
      throw new DataError(
        `writeDicom: ${name} is ${JSON.stringify(uid)}; a UID has digits and points, at most 64 characters (dicomUid() makes one)`,
      );
  for (const [name, text] of [
    ["seriesDescription", rest.seriesDescription],
    ["subject", rest.subject],
  ])
    if (text !== undefined && !/^[\x20-\x5b\x5d-\x7e]{0,64}$/.test(text))
      throw new DataError(
        `writeDicom: ${name} is ${JSON.stringify(text)}; it takes at most 64 printable ASCII characters without a backslash`,
      );
};

const metaOf = (sopInstance: string): Uint8Array => {
  const rest = encodeElements([
    [0x00020001, "OB", Uint8Array.of(0, 1)],
    [0x00020002, "UI", [mrImageStorage]],
    [0x00020003, "UI", [sopInstance]],
    [0x00020010, "UI", [explicitLittleEndian]],
    [0x00020012, "UI", [implementation]],
    [0x00020013, "SH", ["FIDUCIAL"]],
  ]);
  const length = encodeElements([[0x00020000, "UL", [rest.length]]]);
  const out = new Uint8Array(132 + length.length + rest.length);
  out.set([0x44, 0x49, 0x43, 0x4d], 128);
  out.set(length, 132);
  out.set(rest, 132 + length.length);
  return out;
};

/**
 * A valid MR Image Storage file (PS3.3 A.4): Part 10, explicit VR little endian, 16 bits unsigned, MONOCHROME2. Pixels
 * that are not whole numbers of 0 to 65535 are quantized with RescaleSlope and RescaleIntercept (error at most half a
 * slope). Dates and the patient's data stay empty; the same input gives the same bytes. Throws DataError or GeometryError.
 */
export const writeDicom = (output: DicomOutput): Uint8Array => {
  checkInput(output);
  const { plane } = output;
  const stored = storedOf(output.image.data);
  const pixels = littleEndianBytes(stored.values);
  const orientation = [...plane.columnDirection, ...plane.rowDirection];
  const geometry = JSON.stringify([plane.position, orientation, plane.spacing, plane.thickness, stored.rescale]);
  const content = dicomUid("content", geometry, pixels);
  const frameOfReference = output.frameOfReference ?? dicomUid("frame", content);
  const studyUid = output.studyUid ?? dicomUid("study", frameOfReference);
  const seriesUid = output.seriesUid ?? dicomUid("series", studyUid, content);
  const sopInstance = dicomUid("instance", studyUid, seriesUid, String(output.instanceNumber ?? 1), content);
  const elements: DicomElement[] = [
    [0x00080008, "CS", ["DERIVED", "PRIMARY", "OTHER"]],
    [0x00080016, "UI", [mrImageStorage]],
    [0x00080018, "UI", [sopInstance]],
    [0x00080020, "DA", []],
    [0x00080030, "TM", []],
    [0x00080050, "SH", []],
    [0x00080060, "CS", ["MR"]],
    [0x00080070, "LO", []],
    [0x00080090, "PN", []],
    ...optional(0x0008103e, "LO", output.seriesDescription),
    [0x00100010, "PN", [output.subject ?? ""]],
    [0x00100020, "LO", []],
    [0x00100030, "DA", []],
    [0x00100040, "CS", []],
    [0x00180020, "CS", ["RM"]],
    [0x00180021, "CS", ["NONE"]],
    [0x00180022, "CS", []],
    [0x00180023, "CS", ["2D"]],
    [0x00180050, "DS", [plane.thickness]],
    [0x00180080, "DS", []],
    [0x00180081, "DS", []],
    ...optional(0x00180088, "DS", output.spacingBetweenSlices),
    [0x00180091, "IS", []],
    [0x00185100, "CS", ["HFS"]],
    [0x0020000d, "UI", [studyUid]],
    [0x0020000e, "UI", [seriesUid]],
    [0x00200010, "SH", []],
    [0x00200011, "IS", output.seriesNumber === undefined ? [] : [output.seriesNumber]],
    [0x00200013, "IS", [output.instanceNumber ?? 1]],
    [0x00200032, "DS", plane.position as readonly number[]],
    [0x00200037, "DS", orientation],
    [0x00200052, "UI", [frameOfReference]],
    [0x00201040, "LO", []],
    [0x00280002, "US", [1]],
    [0x00280004, "CS", ["MONOCHROME2"]],
    [0x00280010, "US", [plane.rows]],
    [0x00280011, "US", [plane.columns]],
    [0x00280030, "DS", plane.spacing],
    [0x00280100, "US", [16]],
    [0x00280101, "US", [16]],
    [0x00280102, "US", [15]],
    [0x00280103, "US", [0]],
    ...windowOf(stored),
    ...rescaleOf(stored),
    [0x7fe00010, "OW", pixels],
  ];
  const meta = metaOf(sopInstance);
  const body = encodeElements(elements);
  const file = new Uint8Array(meta.length + body.length);
  file.set(meta);
  file.set(body, meta.length);
  return file;
};

const optional = (tag: number, vr: string, value: string | number | undefined): DicomElement[] =>
  value === undefined ? [] : [[tag, vr, [value]]];

const rescaleOf = ({ rescale }: Stored): DicomElement[] =>
  rescale
    ? [
        [0x00281052, "DS", [rescale.intercept]],
        [0x00281053, "DS", [rescale.slope]],
        [0x00281054, "LO", ["US"]],
      ]
    : [];

/** A window over all values, which viewers open with; windows work on rescaled values (PS3.3 C.11.2.1.2). */
const windowOf = ({ lowest, highest, rescale }: Stored): DicomElement[] => {
  const real = (v: number): number => (rescale ? Number(rescale.slope) * v + Number(rescale.intercept) : v);
  const width = Math.max(1, real(highest) - real(lowest) + (rescale ? 0 : 1));
  return [
    [0x00281050, "DS", [(real(highest) + real(lowest) + (rescale ? 0 : 1)) / 2]],
    [0x00281051, "DS", [width]],
  ];
};
