import { Gunzip } from "fflate";
import { ParseError } from "../errors.ts";
import { guarded } from "./guard.ts";
import type { Warn } from "./warning.ts";

export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8;

/** Deflate cannot grow a byte to more than this many; a stream that claims more is lying. */
export const maxGzipRatio = 1032;

// A push's output comes at once, at most maxGzipRatio times its input: small pushes let the cap act early.
const pushBytes = 16_384;

/** Signals that enough output has come; never leaves this file. */
const enough = Symbol("enough");

/** Where a member's trailer ends in the stream, and its content in the output. */
interface MemberEnd {
  readonly stream: number;
  readonly content: number;
}

/** Inflates all members; gives the ends of all but the last. */
const inflate = (bytes: Uint8Array, take: (chunk: Uint8Array) => void): MemberEnd[] => {
  const ends: MemberEnd[] = [];
  let content = 0;
  const stream = new Gunzip((chunk) => {
    content += chunk.length;
    take(chunk);
  });
  stream.onmember = (start) => {
    ends.push({ stream: start, content });
  };
  for (let at = 0; at < bytes.length; at += pushBytes)
    stream.push(bytes.subarray(at, at + pushBytes), at + pushBytes >= bytes.length);
  return ends;
};

/**
 * The bytes up to the last that is not zero, and up to three more: a trailer's length field (little endian) usually ends in
 * zeros, and four zeros behind it would be taken for the start of a member.
 */
const withoutZeros = (bytes: Uint8Array): Uint8Array => {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  return bytes.subarray(0, Math.max(18, end + 3));
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
 * Content of a gzip stream (RFC 1952; several members are joined). Length and CRC-32 of every member are checked. Zeros
 * behind the stream, as tapes and block devices leave them, are ignored with a warning. Throws ParseError for a damaged or
 * truncated stream and as soon as the content exceeds `maxBytes`.
 */
export const gunzip = (bytes: Uint8Array, maxBytes: number, warn?: Warn): Uint8Array =>
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
    const ends = inflate(withoutZeros(bytes), (chunk) => {
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
    let from = 0;
    for (const { stream, content } of ends) {
      checkTrailer(bytes, stream, out.subarray(from, content));
      from = content;
    }
    const zeros = bytes.length - endOfStream(bytes, out.subarray(from));
    if (zeros > 0)
      warn?.({
        code: "trailing_zeros",
        text: `gzip: ${zeros} zero ${zeros === 1 ? "byte follows" : "bytes follow"} the stream; ignored`,
        cure: "none is needed; unpacking and packing the file again takes them off",
      });
    return out;
  });

/** The length field (ISIZE) of a trailer that ends there. */
const lengthAt = (bytes: Uint8Array, end: number): number =>
  new DataView(bytes.buffer, bytes.byteOffset + end - 4, 4).getUint32(0, true);

const checkTrailer = (bytes: Uint8Array, end: number, content: Uint8Array, crc = crc32(content)): void => {
  if (lengthAt(bytes, end) !== content.length % 2 ** 32)
    throw new ParseError(
      "gzip",
      `gzip: the stream's length field is ${lengthAt(bytes, end)} but its content has ${content.length} bytes; the file is damaged`,
    );
  if (new DataView(bytes.buffer, bytes.byteOffset + end - 8, 4).getUint32(0, true) !== crc)
    throw new ParseError(
      "gzip",
      "gzip: the CRC-32 of the content differs from the stream's; the file is damaged, copy it again",
    );
};

/** Where the last member's trailer ends: at the file's end or before zeros. Throws ParseError where there is none. */
const endOfStream = (bytes: Uint8Array, content: Uint8Array): number => {
  const crc = crc32(content);
  let least = bytes.length;
  while (least > 18 && bytes[least - 1] === 0) least -= 1;
  // The trailer itself may end in zeros, so its end is the first place from `least` on where it fits.
  for (let end = least; end < Math.min(bytes.length, least + 8); end++) {
    if (lengthAt(bytes, end) !== content.length % 2 ** 32) continue;
    if (new DataView(bytes.buffer, bytes.byteOffset + end - 8, 4).getUint32(0, true) === crc) return end;
  }
  checkTrailer(bytes, bytes.length, content, crc);
  return bytes.length;
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
