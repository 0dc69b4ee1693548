import type { DataSet } from "dicom-parser";
import { failing } from "../guard.ts";
import type { Image } from "../image.ts";
import type { ReadLimits } from "../limits.ts";

const fail = failing("dicom");

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
}

const required = (set: DataSet, tag: string, name: string): number =>
  set.uint16(tag) ??
  fail(
    name,
    undefined,
    `${name} (${tag.slice(1, 5)},${tag.slice(5)}) is missing; the file holds no image or is damaged`,
  );

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
  const frames = set.intString("x00280008") ?? 1;
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
  const slope = set.floatString("x00281053") ?? 1;
  const intercept = set.floatString("x00281052") ?? 0;
  if (!Number.isFinite(slope) || slope === 0)
    fail("RescaleSlope", undefined, `RescaleSlope is ${slope}; it must be a finite number other than 0`);
  if (!Number.isFinite(intercept))
    fail("RescaleIntercept", undefined, `RescaleIntercept is ${intercept}; it must be finite`);
  return {
    rows,
    columns,
    bitsAllocated,
    bitsStored,
    signed: representation === 1,
    inverted: photometric === "MONOCHROME1",
    slope,
    intercept,
  };
};

const valuesOf = (bytes: Uint8Array, f: PixelFormat): Image["data"] => {
  const count = f.rows * f.columns;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const plain = !f.signed && f.slope === 1 && f.intercept === 0;
  const out = !plain ? new Float32Array(count) : f.bitsAllocated === 8 ? new Uint8Array(count) : new Uint16Array(count);
  // Bits above BitsStored may hold old overlays: shift them out, with the sign where there is one.
  const shift = 32 - f.bitsStored;
  const mirror = f.signed ? -1 : 2 ** f.bitsStored - 1;
  for (let i = 0; i < count; i++) {
    const raw = (f.bitsAllocated === 8 ? view.getUint8(i) : view.getUint16(2 * i, true)) << shift;
    const stored = f.signed ? raw >> shift : raw >>> shift;
    out[i] = f.slope * (f.inverted ? mirror - stored : stored) + f.intercept;
  }
  return out;
};

/** Gray pixels with the modality's rescaling; MONOCHROME1 is mirrored within its stored range, so that bright is high. */
export const pixelsOf = (set: DataSet, limits: ReadLimits): { rows: number; columns: number; data: Image["data"] } => {
  const format = formatOf(set, limits);
  const element = set.elements.x7fe00010;
  const { rows, columns } = format;
  const want = rows * columns * (format.bitsAllocated / 8);
  if (element.length !== want && element.length !== want + (want % 2))
    fail(
      "PixelData",
      element.dataOffset,
      `PixelData has ${element.length === 0xffffffff ? "undefined length (it is compressed)" : `${element.length} bytes`}, but ${columns}x${rows} pixels of ${format.bitsAllocated} bits take ${want}; the file is damaged`,
    );
  if (element.dataOffset + want > set.byteArray.length)
    fail("PixelData", element.dataOffset, "PixelData runs over the end of the file; it is truncated");
  return {
    rows,
    columns,
    data: valuesOf(set.byteArray.subarray(element.dataOffset, element.dataOffset + want), format),
  };
};
