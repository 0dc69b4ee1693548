import { inflateSync } from "node:zlib";
import { PNG } from "pngjs";
import { failing, guarded } from "../guard.ts";
import { crc32 } from "../gunzip.ts";
import type { Image } from "../image.ts";
import { type ReadLimits, withDefaults } from "../limits.ts";
import { type PngChunk, type PngHeader, pngChunks, readPngHeader } from "../png.ts";
import { type Warn, warningList } from "../warning.ts";

const fail = failing("png");

/** `inflateSync` with `info`, which Node's types do not know: `bytesWritten` is how much of the input the stream took. */
interface Inflated {
  readonly buffer: Uint8Array;
  readonly engine: { readonly bytesWritten: number };
}

/**
 * Inflates once under an exact cap (pngjs itself caps plain files silently and interlaced files not at all), and gives the
 * chunks with the pixels in one IDAT where bytes follow their stream, which pngjs does not take.
 */
const checkPixels = (header: PngHeader, chunks: readonly PngChunk[], warn: Warn): readonly PngChunk[] => {
  const idat = Buffer.concat(chunks.filter((c) => c.type === "IDAT").map((c) => c.data));
  let found: Inflated | undefined;
  try {
    found = inflateSync(idat, { maxOutputLength: header.inflatedBytes, info: true } as object) as unknown as Inflated;
  } catch (error) {
    const code = (error as { code?: string }).code;
    if (code === "ERR_BUFFER_TOO_LARGE")
      fail(
        "IDAT",
        undefined,
        `the pixels inflate to more than the ${header.inflatedBytes} bytes of ${header.width}x${header.height}; the file is damaged or a decompression bomb`,
      );
    fail("IDAT", undefined, `the pixels do not inflate (${code ?? "unknown"}); the file is damaged or truncated`);
  }
  const { buffer, engine } = found as Inflated;
  if (buffer.length !== header.inflatedBytes)
    fail(
      "IDAT",
      undefined,
      `the pixels inflate to ${buffer.length} bytes, ${header.width}x${header.height} needs ${header.inflatedBytes}; the file is truncated`,
    );
  const rest = idat.length - engine.bytesWritten;
  if (rest === 0) return chunks;
  warn({
    code: "trailing_bytes",
    text: `png: ${rest} ${rest === 1 ? "byte follows" : "bytes follow"} the stream of the pixels in IDAT; ignored`,
    cure: "none is needed; saving the picture again takes them off",
  });
  return inOneIdat(chunks, idat.subarray(0, engine.bytesWritten));
};

/** The chunks with all IDAT as one, in the place of the first. Throws ParseError where one of the old has a wrong CRC. */
const inOneIdat = (chunks: readonly PngChunk[], data: Uint8Array): PngChunk[] => {
  const old = chunks.filter((c) => c.type === "IDAT");
  for (const { whole } of old)
    if (Buffer.from(whole).readUInt32BE(whole.length - 4) !== crc32(whole.subarray(4, -4)))
      fail("IDAT", undefined, "the CRC of an IDAT chunk is wrong; the file is damaged, copy it again");
  const whole = Buffer.alloc(data.length + 12);
  whole.writeUInt32BE(data.length, 0);
  whole.write("IDAT", 4, "latin1");
  whole.set(data, 8);
  whole.writeUInt32BE(crc32(whole.subarray(4, -4)), data.length + 8);
  return chunks.flatMap((c) => (c === old[0] ? [{ type: "IDAT", whole, data }] : c.type === "IDAT" ? [] : [c]));
};

const understood = ["IHDR", "PLTE", "IDAT", "IEND"];

/** pngjs always gives four channels; take those that the file has. */
const pickChannels = <T extends Uint8Array | Uint16Array>(rgba: ArrayLike<number>, out: T, channels: number): T => {
  // Gray and alpha stand at 0 and 3, else the first `channels` are the ones.
  const from = channels === 2 ? [0, 3] : [0, 1, 2, 3].slice(0, channels);
  for (let i = 0, o = 0; o < out.length; i += 4) for (const c of from) out[o++] = rgba[i + c];
  return out;
};

/**
 * PNG of any color type and depth -> Image: 1 channel (gray), 2 (gray, alpha), 3 (RGB, palette), 4 (RGBA, palette with
 * transparency); Uint8Array, depths below 8 stretched to 0..255, or Uint16Array for 16 bits. A color key (tRNS of gray
 * or RGB pictures), gamma and color profiles are ignored, and with a warning bytes behind the pixels' stream. Throws
 * ParseError; sizes are checked before decoding.
 */
export const readPng = (bytes: Uint8Array, limits: Partial<ReadLimits> = {}): Image =>
  guarded("png", () => {
    const header = readPngHeader(bytes, withDefaults(limits));
    const { warn, taken } = warningList();
    const chunks = checkPixels(header, pngChunks(bytes), warn);
    const palette = header.colorType === 3;
    // A chunk whose type starts with a capital letter must be understood (PNG specification 5.4).
    const strange = chunks.find(({ type }) => /^[A-Z]/.test(type) && !understood.includes(type));
    if (strange) fail("chunk", undefined, "there is an unknown critical chunk; save the picture as a plain PNG");
    const kept = chunks.filter(({ type }) => understood.includes(type) || (type === "tRNS" && palette));
    const file = Buffer.concat([bytes.subarray(0, 8), ...kept.map((c) => c.whole)]);
    const { data } = PNG.sync.read(file, { skipRescale: header.bitDepth === 16 });
    const transparent = palette && kept.some((c) => c.type === "tRNS");
    const channels = ({ 0: 1, 2: 3, 3: transparent ? 4 : 3, 4: 2, 6: 4 } as const)[header.colorType];
    const count = header.width * header.height * channels;
    const out = header.bitDepth === 16 ? new Uint16Array(count) : new Uint8Array(count);
    return {
      width: header.width,
      height: header.height,
      channels,
      data: pickChannels(data, out, channels),
      ...taken(),
    };
  });
