import { zlibSync } from "fflate";
import { DataError } from "../errors.ts";
import { crc32 } from "./gunzip.ts";
import type { Image } from "./image.ts";
import { pngSignature } from "./png.ts";

const colourTypes = { 1: 0, 2: 4, 3: 2, 4: 6 } as const;

const chunk = (type: string, data: Uint8Array): Uint8Array => {
  const out = new Uint8Array(12 + data.length);
  const view = new DataView(out.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; i++) out[4 + i] = type.charCodeAt(i);
  out.set(data, 8);
  view.setUint32(8 + data.length, crc32(out.subarray(4, 8 + data.length)));
  return out;
};

/** The pixels as PNG stores them: rows, the high byte of 16 bits first. */
const rawBytes = (data: Uint8Array | Uint16Array): Uint8Array => {
  if (data instanceof Uint8Array) return data;
  const out = new Uint8Array(2 * data.length);
  const view = new DataView(out.buffer);
  for (let i = 0; i < data.length; i++) view.setUint16(2 * i, data[i]);
  return out;
};

/** Paeth's predictor (PNG specification 9.4): of left, above and above left what lies nearest to a + b - c. */
const paeth = (a: number, b: number, c: number): number => {
  const [da, db, dc] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
  if (da <= db && da <= dc) return a;
  return db <= dc ? b : c;
};

/** What each filter type predicts a byte to be, from the one to its left, above it, and above left. */
const predictions: readonly ((a: number, b: number, c: number) => number)[] = [
  () => 0,
  (a) => a,
  (_, b) => b,
  (a, b) => (a + b) >> 1,
  paeth,
];

/** Filtered scan lines; for each line the filter whose differences are smallest in sum, as the specification advises (12.7). */
const filtered = (raw: Uint8Array, rows: number, pixelBytes: number): Uint8Array => {
  const line = raw.length / rows;
  const out = new Uint8Array(rows * (line + 1));
  const tried = new Uint8Array(line);
  for (let r = 0; r < rows; r++) {
    const at = r * line;
    let least = Number.POSITIVE_INFINITY;
    predictions.forEach((predict, type) => {
      let sum = 0;
      for (let i = 0; i < line; i++) {
        const a = i >= pixelBytes ? raw[at + i - pixelBytes] : 0;
        const b = r > 0 ? raw[at + i - line] : 0;
        const c = i >= pixelBytes && r > 0 ? raw[at + i - line - pixelBytes] : 0;
        const v = (raw[at + i] - predict(a, b, c)) & 255;
        tried[i] = v;
        sum += v < 128 ? v : 256 - v;
      }
      if (sum >= least) return;
      least = sum;
      out[r * (line + 1)] = type;
      out.set(tried, r * (line + 1) + 1);
    });
  }
  return out;
};

/**
 * Image (Uint8Array or Uint16Array, 1 to 4 channels) -> PNG of the same depth. The same image gives the same bytes, in Node
 * and in a browser. Throws DataError for Float32 pixels: how they map to grey values is the caller's to say.
 */
export const writePng = (image: Image): Uint8Array => {
  const { width, height, channels, data } = image;
  if (data instanceof Float32Array)
    throw new DataError("writePng: the image has Float32 pixels; map them to a Uint8Array or a Uint16Array first");
  if (!(width >= 1 && height >= 1) || data.length !== width * height * channels)
    throw new DataError(
      `writePng: data has ${data.length} values, but ${width}x${height} with ${channels} channels needs ${width * height * channels}`,
    );
  const bytes = data.BYTES_PER_ELEMENT;
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header[8] = 8 * bytes;
  header[9] = colourTypes[channels];
  const lines = filtered(rawBytes(data), height, channels * bytes);
  const parts = [
    Uint8Array.from(pngSignature),
    chunk("IHDR", header),
    chunk("IDAT", zlibSync(lines, { level: 9 })),
    chunk("IEND", new Uint8Array(0)),
  ];
  const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
};
