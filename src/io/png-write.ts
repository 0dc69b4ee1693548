import { zlibSync } from "fflate";
import { DataError } from "../errors.ts";
import { crc32 } from "./gunzip.ts";
import type { Image } from "./image.ts";
import { pngSignature } from "./png.ts";

const colorTypes = { 1: 0, 2: 4, 3: 2, 4: 6 } as const;

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
  const da = Math.abs(b - c);
  const db = Math.abs(a - c);
  const dc = Math.abs(a + b - 2 * c);
  if (da <= db && da <= dc) return a;
  return db <= dc ? b : c;
};

/** What a filter type predicts a byte to be, from the one to its left, above it, and above left (specification 9.2). */
const predict = (type: number, a: number, b: number, c: number): number =>
  type === 0 ? 0 : type === 1 ? a : type === 2 ? b : type === 3 ? (a + b) >> 1 : paeth(a, b, c);

/** Filters line r of `raw` into `out`; gives the sum of the differences, as signed bytes. */
const filterLine = (raw: Uint8Array, r: number, line: number, step: number, type: number, out: Uint8Array): number => {
  let sum = 0;
  for (let i = 0, at = r * line; i < line; i++, at++) {
    const a = i >= step ? raw[at - step] : 0;
    const b = r > 0 ? raw[at - line] : 0;
    const c = i >= step && r > 0 ? raw[at - line - step] : 0;
    const v = (raw[at] - predict(type, a, b, c)) & 255;
    out[i] = v;
    sum += v < 128 ? v : 256 - v;
  }
  return sum;
};

/** Scan lines, each by the filter whose differences are smallest in sum, as the specification advises (12.7). */
const filtered = (raw: Uint8Array, rows: number, step: number): Uint8Array => {
  const line = raw.length / rows;
  const out = new Uint8Array(rows * (line + 1));
  const tried = new Uint8Array(line);
  for (let r = 0; r < rows; r++) {
    const to = r * (line + 1);
    let least = Number.POSITIVE_INFINITY;
    for (let type = 0; type < 5; type++) {
      const sum = filterLine(raw, r, line, step, type, tried);
      if (sum >= least) continue;
      least = sum;
      out[to] = type;
      out.set(tried, to + 1);
    }
  }
  return out;
};

/**
 * Image (Uint8Array or Uint16Array, 1 to 4 channels) -> PNG of the same depth. The same image gives the same bytes, in Node
 * and in a browser. Throws DataError for Float32 pixels: how they map to gray values is the caller's to say.
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
  header[9] = colorTypes[channels];
  const lines = filtered(rawBytes(data), height, channels * bytes);
  const parts = [
    Uint8Array.from(pngSignature),
    chunk("IHDR", header),
    chunk("IDAT", zlibSync(lines, { level: 6 })),
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
