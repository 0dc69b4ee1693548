import type { DataSet } from "dicom-parser";
import { failing } from "../guard.ts";
import type { Image } from "../image.ts";
import type { ReadLimits } from "../limits.ts";
import type { Warn } from "../warning.ts";
import { oneDecimal, oneInteger, tagText, texts } from "./numbers.ts";
import { type Padding, paddingOf } from "./padding.ts";

const fail = failing("dicom");

const largestFloat32 = (2 - 2 ** -23) * 2 ** 127;

/** Image Pixel module (PS3.3 C.7.6.3) of a gray image, and what turns stored values into real ones. */
interface PixelFormat {
  readonly rows: number;
  readonly columns: number;
  readonly bitsAllocated: 8 | 16;
  readonly bitsStored: number;
  readonly signed: boolean;
  readonly inverted: boolean;
  readonly slope: number;
  readonly intercept: number;
  /** Stored values that stand for no measurement. */
  readonly padding: Padding | undefined;
}

const required = (set: DataSet, tag: string, name: string): number =>
  set.uint16(tag) ?? fail(name, undefined, `${name} ${tagText(tag)} is missing; the file holds no image or is damaged`);

/** Siemens lays the slices of a volume side by side in one picture, whose own position is that of none of them. */
const checkMosaic = (set: DataSet): void => {
  const count = set.elements.x0019100a;
  const siemens = texts(set, "x00190010").some((creator) => creator.startsWith("SIEMENS"));
  const tiles = siemens && count?.length === 2 ? (set.uint16("x0019100a") ?? 1) : 1;
  if (texts(set, "x00080008").includes("MOSAIC") || tiles > 1)
    fail(
      "ImageType",
      undefined,
      "the picture is a Siemens mosaic: the slices of a volume side by side, not one slice; convert it with: dcm2niix -f OUT FOLDER",
    );
};

const formatOf = (set: DataSet, limits: ReadLimits): PixelFormat => {
  const rows = required(set, "x00280010", "Rows");
  const columns = required(set, "x00280011", "Columns");
  if (rows < 1 || columns < 1) fail("Rows", undefined, `Rows x Columns is ${rows}x${columns}; both must be at least 1`);
  if (Math.max(rows, columns) > limits.maxSide || rows * columns > limits.maxPixels)
    fail(
      "Rows",
      undefined,
      `Rows x Columns is ${rows}x${columns}, more than limits.maxSide = ${limits.maxSide} or limits.maxPixels = ${limits.maxPixels}; raise them if you trust the file`,
    );
  const samples = required(set, "x00280002", "SamplesPerPixel");
  const photometric = set.string("x00280004") ?? "";
  if (samples !== 1 || !/^MONOCHROME[12]$/.test(photometric))
    fail(
      "PhotometricInterpretation",
      undefined,
      `the image is ${/^[A-Z0-9_]{1,16}$/.test(photometric) ? photometric : "unknown"} with ${samples} samples a pixel; only MONOCHROME1 and MONOCHROME2 with 1 are read: convert it to gray`,
    );
  checkMosaic(set);
  const frames = oneInteger(set, "x00280008", "NumberOfFrames") ?? 1;
  if (frames !== 1)
    fail(
      "NumberOfFrames",
      undefined,
      `NumberOfFrames is ${frames}; only single-frame images are read: split the file, or convert it to NIfTI`,
    );
  const bitsAllocated = required(set, "x00280100", "BitsAllocated");
  const bitsStored = required(set, "x00280101", "BitsStored");
  const highBit = set.uint16("x00280102") ?? bitsStored - 1;
  const representation = required(set, "x00280103", "PixelRepresentation");
  if (bitsAllocated !== 8 && bitsAllocated !== 16)
    return fail("BitsAllocated", undefined, `BitsAllocated is ${bitsAllocated}; only 8 and 16 are read`);
  if (bitsStored < 1 || bitsStored > bitsAllocated || highBit !== bitsStored - 1)
    fail(
      "BitsStored",
      undefined,
      `BitsStored is ${bitsStored} with HighBit ${highBit} in ${bitsAllocated} bits; HighBit must be BitsStored - 1, both inside BitsAllocated`,
    );
  if (representation > 1)
    fail(
      "PixelRepresentation",
      undefined,
      `PixelRepresentation is ${representation}; it must be 0 (unsigned) or 1 (signed)`,
    );
  const slope = oneDecimal(set, "x00281053", "RescaleSlope") ?? 1;
  const intercept = oneDecimal(set, "x00281052", "RescaleIntercept") ?? 0;
  const largest = Math.abs(slope) * 2 ** bitsStored + Math.abs(intercept);
  if (slope === 0 || largest > largestFloat32)
    fail(
      "RescaleSlope",
      undefined,
      `RescaleSlope is ${slope} with RescaleIntercept ${intercept}; the slope must not be 0, and values must fit float32`,
    );
  return {
    rows,
    columns,
    bitsAllocated,
    bitsStored,
    signed: representation === 1,
    inverted: photometric === "MONOCHROME1",
    slope,
    intercept,
    padding: paddingOf(set, (bits) => storedValue(bits, bitsStored, representation === 1)),
  };
};

/** Bits above BitsStored may hold old overlays: they are shifted out, with the sign where there is one. */
const storedValue = (bits: number, bitsStored: number, signed: boolean): number => {
  const shift = 32 - bitsStored;
  return signed ? (bits << shift) >> shift : (bits << shift) >>> shift;
};

/** Gives padding the darkest value that was measured, so that no gray range and no mean over pixels sees it. */
const darken = (out: Image["data"], padded: readonly number[]): void => {
  const is = new Set(padded);
  let darkest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < out.length; i++) if (out[i] < darkest && !is.has(i)) darkest = out[i];
  for (const i of padded) out[i] = Number.isFinite(darkest) ? darkest : 0;
};

const valuesOf = (bytes: Uint8Array, f: PixelFormat): Image["data"] => {
  const count = f.rows * f.columns;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const plain = !f.signed && f.slope === 1 && f.intercept === 0;
  const out = !plain ? new Float32Array(count) : f.bitsAllocated === 8 ? new Uint8Array(count) : new Uint16Array(count);
  const padded: number[] = [];
  const mirror = f.signed ? -1 : 2 ** f.bitsStored - 1;
  for (let i = 0; i < count; i++) {
    const bits = f.bitsAllocated === 8 ? view.getUint8(i) : view.getUint16(2 * i, true);
    const stored = storedValue(bits, f.bitsStored, f.signed);
    if (f.padding && stored >= f.padding.least && stored <= f.padding.most) padded.push(i);
    out[i] = f.slope * (f.inverted ? mirror - stored : stored) + f.intercept;
  }
  if (padded.length > 0) darken(out, padded);
  return out;
};

/**
 * Gray pixels with the modality's rescaling; MONOCHROME1 is mirrored within its stored range, so that bright is high, and
 * padding (PixelPaddingValue, PixelPaddingRangeLimit) has the darkest value of the rest.
 */
export const pixelsOf = (
  set: DataSet,
  limits: ReadLimits,
  warn: Warn,
): { rows: number; columns: number; data: Image["data"] } => {
  const format = formatOf(set, limits);
  const element = set.elements.x7fe00010;
  const { rows, columns } = format;
  const want = rows * columns * (format.bitsAllocated / 8);
  const compressed = element.length === 0xffffffff;
  const rest = compressed ? 0 : element.length - want;
  const tail = set.byteArray.subarray(element.dataOffset + want, element.dataOffset + element.length);
  if (compressed || rest < 0 || (rest !== want % 2 && tail.some((b) => b !== 0)))
    fail(
      "PixelData",
      element.dataOffset,
      `PixelData has ${compressed ? "undefined length (it is compressed)" : `${element.length} bytes`}, but ${columns}x${rows} pixels of ${format.bitsAllocated} bits take ${want}; the file is damaged`,
    );
  if (element.dataOffset + want > set.byteArray.length)
    fail("PixelData", element.dataOffset, "PixelData runs over the end of the file; it is truncated");
  // Older writers padded beyond the even length (PS3.5 8.1.1): zeros behind the pixels are no pixels.
  if (rest > want % 2)
    warn({
      code: "padding",
      text: `dicom: PixelData has ${rest} zero bytes behind the ${want} of ${columns}x${rows} pixels; they are ignored`,
      cure: "none is needed; exporting the file again may write it without them",
    });
  return {
    rows,
    columns,
    data: valuesOf(set.byteArray.subarray(element.dataOffset, element.dataOffset + want), format),
  };
};
