import { checkLength, failing } from "./guard.ts";
import type { ReadLimits } from "./limits.ts";

/** What stands in a PNG's IHDR chunk (PNG specification 11.2.2). */
export interface PngHeader {
  readonly width: number;
  readonly height: number;
  readonly bitDepth: 1 | 2 | 4 | 8 | 16;
  /** 0 gray, 2 RGB, 3 palette, 4 gray and alpha, 6 RGBA. */
  readonly colorType: 0 | 2 | 3 | 4 | 6;
  readonly interlaced: boolean;
  /** Bytes of the filtered scan lines, the exact length of what the IDAT chunks inflate to. */
  readonly inflatedBytes: number;
}

export interface PngChunk {
  readonly type: string;
  /** The whole chunk: length, type, data and CRC. */
  readonly whole: Uint8Array;
  readonly data: Uint8Array;
}

const fail = failing("png");
export const pngSignature: readonly number[] = [137, 80, 78, 71, 13, 10, 26, 10];
const samples: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const depths: Record<number, readonly number[]> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

export const isPng = (bytes: Uint8Array): boolean => pngSignature.every((b, i) => bytes[i] === b);

const lineBytes = (width: number, bits: number): number => (width === 0 ? 0 : Math.ceil((width * bits) / 8) + 1);

// Adam7: first column, first row, step across and step down of each pass.
const adam7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

const inflatedBytes = (width: number, height: number, bits: number, interlaced: boolean): number =>
  interlaced
    ? adam7.reduce(
        (sum, [x, y, dx, dy]) =>
          sum + lineBytes(Math.ceil(Math.max(0, width - x) / dx), bits) * Math.ceil(Math.max(0, height - y) / dy),
        0,
      )
    : lineBytes(width, bits) * height;

/** Reads signature and IHDR and refuses what is too large, before anything is decoded. Throws ParseError. */
export const readPngHeader = (bytes: Uint8Array, limits: ReadLimits): PngHeader => {
  checkLength("png", bytes, limits.maxImageFileBytes, "maxImageFileBytes");
  if (!isPng(bytes))
    fail("signature", 0, "the file does not start with PNG's eight signature bytes; it is another format");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 33)
    fail("IHDR", 8, `the file ends after ${bytes.length} bytes, inside its header; it is truncated`);
  if (view.getUint32(8) !== 13 || view.getUint32(12) !== 0x49484452)
    fail("IHDR", 8, "the first chunk is not an IHDR of 13 bytes; the file is damaged");
  const width = view.getUint32(16);
  const height = view.getUint32(20);
  const [bitDepth, colorType, compression, filter, interlace] = bytes.subarray(24, 29);
  if (width < 1 || height < 1) fail("IHDR", 16, `the size is ${width}x${height}; both sides must be at least 1`);
  if (width > limits.maxSide || height > limits.maxSide)
    fail(
      "IHDR",
      16,
      `the size is ${width}x${height}, a side is longer than limits.maxSide = ${limits.maxSide}; make the picture smaller or raise the limit`,
    );
  if (width * height > limits.maxPixels)
    fail(
      "IHDR",
      16,
      `the size is ${width}x${height}, more than limits.maxPixels = ${limits.maxPixels}; make the picture smaller or raise the limit`,
    );
  if (!depths[colorType]?.includes(bitDepth))
    fail("IHDR", 24, `bit depth ${bitDepth} with color type ${colorType} is no PNG; the file is damaged`);
  if (compression !== 0 || filter !== 0 || interlace > 1)
    fail(
      "IHDR",
      26,
      `compression ${compression}, filter ${filter}, interlace ${interlace} are not 0, 0 and 0 or 1; the file is damaged`,
    );
  return {
    width,
    height,
    bitDepth: bitDepth as PngHeader["bitDepth"],
    colorType: colorType as PngHeader["colorType"],
    interlaced: interlace === 1,
    inflatedBytes: inflatedBytes(width, height, bitDepth * samples[colorType], interlace === 1),
  };
};

/** The chunks from IHDR to IEND; what follows IEND is left out. Throws ParseError where one runs over the end. */
export const pngChunks = (bytes: Uint8Array): PngChunk[] => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: PngChunk[] = [];
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at);
    const end = at + 12 + length;
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (end > bytes.length)
      fail(
        type,
        at,
        `the chunk at byte ${at} claims ${length} bytes but ${bytes.length - at - 12} remain; the file is truncated`,
      );
    chunks.push({ type, whole: bytes.subarray(at, end), data: bytes.subarray(at + 8, end - 4) });
    if (type === "IEND") return chunks;
    at = end;
  }
  return fail("IEND", bytes.length, "there is no IEND chunk; the file is truncated");
};
