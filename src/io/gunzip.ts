import { Gunzip } from "fflate";
import { ParseError } from "../errors.ts";
import { guarded } from "./guard.ts";

export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8;

/** Deflate cannot grow a byte to more than this many; a stream that claims more is lying. */
export const maxGzipRatio = 1032;

// A push's output comes at once, at most maxGzipRatio times its input: small pushes let the cap act early.
const pushBytes = 16_384;

/** Signals that enough output has come; never leaves this file. */
const enough = Symbol("enough");

const inflate = (bytes: Uint8Array, take: (chunk: Uint8Array) => void): number => {
  let members = 1;
  const stream = new Gunzip((chunk) => take(chunk));
  stream.onmember = () => {
    members += 1;
  };
  for (let at = 0; at < bytes.length; at += pushBytes)
    stream.push(bytes.subarray(at, at + pushBytes), at + pushBytes >= bytes.length);
  return members;
};

/** The first `count` bytes of a gzip stream's content, or all of it if it is shorter. */
export const gunzipHead = (bytes: Uint8Array, count: number): Uint8Array =>
  guarded("gzip", () => {
    const out = new Uint8Array(count);
    let filled = 0;
    try {
      inflate(bytes, (chunk) => {
        const part = chunk.subarray(0, count - filled);
        out.set(part, filled);
        filled += part.length;
        if (filled === count) throw enough;
      });
    } catch (error) {
      if (error !== enough) throw error;
    }
    return out.subarray(0, filled);
  });

/**
 * Content of a gzip stream (RFC 1952; several members are joined). Of a single member length and CRC-32 are checked.
 * Throws ParseError for a damaged or truncated stream and as soon as the content exceeds `maxBytes`.
 */
export const gunzip = (bytes: Uint8Array, maxBytes: number): Uint8Array =>
  guarded("gzip", () => {
    if (!isGzip(bytes))
      throw new ParseError("gzip", "gzip: the stream does not start with 1f 8b 08; it is not gzipped");
    if (bytes.length < 18)
      throw new ParseError(
        "gzip",
        `gzip: ${bytes.length} bytes are too short for a gzip stream; the file is truncated`,
      );
    const parts: Uint8Array[] = [];
    let total = 0;
    const members = inflate(bytes, (chunk) => {
      total += chunk.length;
      if (total > maxBytes)
        throw new ParseError(
          "gzip",
          `gzip: the content is longer than the ${maxBytes} bytes allowed here; the file is damaged or a decompression bomb`,
        );
      parts.push(chunk);
    });
    const out = new Uint8Array(total);
    let at = 0;
    for (const part of parts) {
      out.set(part, at);
      at += part.length;
    }
    if (members === 1) checkTrailer(bytes, out);
    return out;
  });

const checkTrailer = (bytes: Uint8Array, content: Uint8Array): void => {
  const trailer = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 8, 8);
  if (trailer.getUint32(4, true) !== content.length % 2 ** 32)
    throw new ParseError(
      "gzip",
      `gzip: the stream's length field is ${trailer.getUint32(4, true)} but its content has ${content.length} bytes; the file is damaged`,
    );
  if (trailer.getUint32(0, true) !== crc32(content))
    throw new ParseError(
      "gzip",
      "gzip: the CRC-32 of the content differs from the stream's; the file is damaged, copy it again",
    );
};

const table = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  return c;
});

/** CRC-32 (RFC 1952, section 8), unsigned. */
export const crc32 = (bytes: Uint8Array): number => {
  let c = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) c = table[(c ^ bytes[i]) & 255] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
};
