import { inflateSync } from "node:zlib";
import { PNG } from "pngjs";
import { failing, guarded } from "../guard.ts";
import type { Image } from "../image.ts";
import { type ReadLimits, withDefaults } from "../limits.ts";
import { type PngChunk, type PngHeader, pngChunks, readPngHeader } from "../png.ts";

const fail = failing("png");

/** Inflates once under an exact cap: pngjs itself caps plain files silently and interlaced files not at all. */
const checkInflatedSize = (header: PngHeader, chunks: readonly PngChunk[]): void => {
  const idat = Buffer.concat(chunks.filter((c) => c.type === "IDAT").map((c) => c.data));
  let length = 0;
  try {
    length = inflateSync(idat, { maxOutputLength: header.inflatedBytes }).length;
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
  if (length !== header.inflatedBytes)
    fail(
      "IDAT",
      undefined,
      `the pixels inflate to ${length} bytes, ${header.width}x${header.height} needs ${header.inflatedBytes}; the file is truncated`,
    );
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
 * or RGB pictures), gamma and color profiles are ignored. Throws ParseError; sizes are checked before decoding.
 */
export const readPng = (bytes: Uint8Array, limits: Partial<ReadLimits> = {}): Image =>
  guarded("png", () => {
    const header = readPngHeader(bytes, withDefaults(limits));
    const chunks = pngChunks(bytes);
    checkInflatedSize(header, chunks);
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
    return { width: header.width, height: header.height, channels, data: pickChannels(data, out, channels) };
  });
