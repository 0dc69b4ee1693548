import { createRequire } from "node:module";
import { deflateSync, inflateSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DataError } from "../../src/errors.ts";
import { crc32 } from "../../src/io/gunzip.ts";
import { type Image, writePng } from "../../src/io/index.ts";
import { readPng } from "../../src/io/node/index.ts";
import { pngChunks } from "../../src/io/png.ts";
import { edited, fuzz, refusal } from "./bad.ts";

const image = (channels: Image["channels"], bits: 8 | 16, width = 7, height = 5): Image => {
  const count = width * height * channels;
  const data =
    bits === 8
      ? Uint8Array.from({ length: count }, (_, i) => i * 37)
      : Uint16Array.from({ length: count }, (_, i) => i * 4099);
  return { width, height, channels, data };
};

const chunk = (type: string, data: Uint8Array): Buffer => {
  const out = Buffer.alloc(12 + data.length);
  out.writeUInt32BE(data.length, 0);
  out.write(type, 4, "latin1");
  out.set(data, 8);
  out.writeUInt32BE(crc32(out.subarray(4, 8 + data.length)), 8 + data.length);
  return out;
};

/** A PNG from its parts, right or wrong. */
const build = (o: {
  width: number;
  height: number;
  depth?: number;
  color?: number;
  interlace?: number;
  lines?: Uint8Array;
  before?: Buffer[];
  /** Bytes behind the pixels' stream; a second IDAT of their own where `apart`. */
  rest?: readonly number[];
  apart?: boolean;
}): Uint8Array => {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(o.width, 0);
  header.writeUInt32BE(o.height, 4);
  header.set([o.depth ?? 8, o.color ?? 0, 0, 0, o.interlace ?? 0], 8);
  const idat = deflateSync(o.lines ?? new Uint8Array((o.width + 1) * o.height));
  const rest = Uint8Array.from(o.rest ?? []);
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  return new Uint8Array(
    Buffer.concat([
      signature,
      chunk("IHDR", header),
      ...(o.before ?? []),
      ...(o.apart ? [chunk("IDAT", idat), chunk("IDAT", rest)] : [chunk("IDAT", Buffer.concat([idat, rest]))]),
      chunk("IEND", Buffer.alloc(0)),
    ]),
  );
};

describe("round trips", () => {
  for (const channels of [1, 2, 3, 4] as const)
    test.each([8, 16] as const)(`${channels} channels, %i bits`, (bits) => {
      const source = image(channels, bits);
      const back = readPng(writePng(source));
      expect(back).toEqual(source);
    });

  test("any gray picture, also one that is a view into a larger buffer", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 40 }),
        fc.boolean(),
        (width, height, deep) => {
          const whole = image(1, deep ? 16 : 8, width, height + 1);
          const data = whole.data.subarray(width);
          expect(readPng(writePng({ width, height, channels: 1, data })).data).toEqual(data.slice());
        },
      ),
      { numRuns: 60 },
    );
  });

  test("every filter is used where it fits, and read back by pngjs", () => {
    // Each line is what one filter predicts, and a little more: none (around 0), left, above, their mean, Paeth.
    const [width, height] = [64, 5];
    const data = new Uint8Array(width * height);
    const noise = (i: number): number => Math.imul(i + 1, 2654435761) >>> 24;
    const nearest = (a: number, b: number, c: number): number =>
      [a, b, c].reduce((best, v) => (Math.abs(a + b - c - v) < Math.abs(a + b - c - best) ? v : best));
    const rules = [
      (i: number) => (i % 2 ? 3 : 253),
      (i: number, a: number) => a + (i % 2) + 1,
      (i: number, _a: number, b: number) => b + (noise(i) % 2),
      (i: number, a: number, b: number) => ((a + b) >> 1) + (noise(i) % 2) + 40 * (i % width === 9 ? 1 : 0),
      (i: number, a: number, b: number, c: number) => nearest(a, b, c) + (i % 2),
    ];
    for (let i = 0; i < data.length; i++) {
      const first = i % width === 0;
      data[i] = rules[Math.floor(i / width)](
        i,
        first ? 0 : data[i - 1],
        data[i - width] ?? 0,
        first ? 0 : data[i - width - 1],
      );
    }
    const file = writePng({ width, height, channels: 1, data });
    expect(readPng(file).data).toEqual(data);
    const idat = pngChunks(file).find((c) => c.type === "IDAT")!.data;
    const lines = inflateSync(idat);
    expect(Array.from({ length: height }, (_, r) => lines[r * (width + 1)])).toEqual([0, 1, 2, 3, 4]);
  });

  test("the same image gives the same bytes", () => {
    expect(writePng(image(3, 8))).toEqual(writePng(image(3, 8)));
  });

  test("image-size, an independent reader, sees the same size", () => {
    const { imageSize } = createRequire(import.meta.url)("image-size") as {
      imageSize(b: Uint8Array): { width: number; height: number; type: string };
    };
    expect(imageSize(writePng(image(1, 16)))).toMatchObject({ width: 7, height: 5, type: "png" });
  });
});

describe("other kinds of PNG", () => {
  test("one-bit gray is stretched to 0 and 255", () => {
    const file = build({
      width: 10,
      height: 2,
      depth: 1,
      lines: Uint8Array.of(0, 0b10100000, 0b01000000, 0, 0xff, 0xff),
    });
    expect([...readPng(file).data]).toEqual([255, 0, 255, 0, 0, 0, 0, 0, 0, 255, ...Array<number>(10).fill(255)]);
  });

  test.each([
    [1, false, 0],
    [1, true, 0],
    [5, false, 0],
    [1, false, 1],
  ])("%i bytes behind the pixels' stream (in a chunk of their own: %s, interlace %i)", (count, apart, interlace) => {
    const lines = interlace ? Uint8Array.of(0, 9) : Uint8Array.of(0, 7, 8, 0, 9, 10);
    const [width, height] = interlace ? [1, 1] : [2, 2];
    const read = readPng(build({ width, height, lines, interlace, apart, rest: new Array<number>(count).fill(77) }));
    expect([...read.data]).toEqual(interlace ? [9] : [7, 8, 9, 10]);
    expect(read.warnings).toMatchObject([{ code: "trailing_bytes", text: expect.stringContaining(`${count} byte`) }]);
  });

  test("bytes behind the stream do not hide a damaged chunk", () => {
    const file = build({ width: 2, height: 2, lines: Uint8Array.of(0, 7, 8, 0, 9, 10), rest: [77] });
    const damaged = edited(file, (_, b) => {
      b[b.length - 17] = 78; // the byte behind the stream, under the chunk's CRC
    });
    expect(refusal(() => readPng(damaged)).message).toContain("CRC of an IDAT");
  });

  test("a palette becomes RGB, with transparency RGBA", () => {
    const palette = chunk("PLTE", Uint8Array.of(1, 2, 3, 40, 50, 60));
    const lines = Uint8Array.of(0, 1, 0);
    const parts = { width: 2, height: 1, color: 3, lines };
    expect(readPng(build({ ...parts, before: [palette] }))).toMatchObject({
      channels: 3,
      data: Uint8Array.of(40, 50, 60, 1, 2, 3),
    });
    const alpha = chunk("tRNS", Uint8Array.of(9));
    expect(readPng(build({ ...parts, before: [palette, alpha] }))).toMatchObject({
      channels: 4,
      data: Uint8Array.of(40, 50, 60, 255, 1, 2, 3, 9),
    });
  });

  test("a color key does not blacken gray values", () => {
    const file = build({
      width: 2,
      height: 1,
      before: [chunk("tRNS", Uint8Array.of(0, 200))],
      lines: Uint8Array.of(0, 200, 100),
    });
    expect([...readPng(file).data]).toEqual([200, 100]);
  });

  test("an interlaced picture", () => {
    // 2x2, Adam7: pass 1 holds (0,0), pass 6 (1,0), pass 7 the second row.
    const file = build({ width: 2, height: 2, interlace: 1, lines: Uint8Array.of(0, 11, 0, 22, 0, 33, 44) });
    expect([...readPng(file).data]).toEqual([11, 22, 33, 44]);
  });

  test("text after IEND and compressed text chunks are not looked at", () => {
    const bomb = chunk("zTXt", Buffer.concat([Buffer.from("a\0\0"), deflateSync(Buffer.alloc(10_000_000))]));
    const file = build({ width: 1, height: 1, before: [bomb] });
    expect(readPng(new Uint8Array([...file, 1, 2, 3])).data).toEqual(Uint8Array.of(0));
  });
});

const good = build({ width: 4, height: 4 });
const idatAt = 8 + 25;
const bad: readonly [string, () => Uint8Array, RegExp][] = [
  ["an empty file", () => new Uint8Array(0), /signature/],
  ["another format", () => new TextEncoder().encode("GIF89a and more bytes than a header"), /signature/],
  ["a cut header", () => good.subarray(0, 20), /truncated/],
  ["a cut chunk", () => good.subarray(0, idatAt + 12), /truncated/],
  ["no end", () => good.subarray(0, good.length - 12), /no IEND/],
  ["no first chunk", () => edited(good, (v) => v.setUint32(12, 0x41424344)), /IHDR/],
  ["a width of 0", () => build({ width: 0, height: 3 }), /at least 1/],
  ["a depth of 3", () => build({ width: 1, height: 1, depth: 3 }), /bit depth 3/],
  ["an unknown color type", () => build({ width: 1, height: 1, color: 5 }), /color type 5/],
  ["an unknown interlace method", () => build({ width: 1, height: 1, interlace: 2 }), /interlace 2/],
  [
    "a wrong checksum",
    () =>
      edited(good, (_, b) => {
        b[idatAt - 1] ^= 1;
      }),
    /cannot be read/,
  ],
  ["too few lines", () => build({ width: 4, height: 4, lines: new Uint8Array(19) }), /19 bytes/],
  [
    "a palette picture without a palette",
    () => build({ width: 2, height: 1, color: 3, lines: Uint8Array.of(0, 0, 0) }),
    /cannot be read/,
  ],
  [
    "an index outside the palette",
    () =>
      build({
        width: 2,
        height: 1,
        color: 3,
        before: [chunk("PLTE", Uint8Array.of(1, 2, 3))],
        lines: Uint8Array.of(0, 7, 0),
      }),
    /cannot be read/,
  ],
  [
    "an unknown critical chunk",
    () => build({ width: 1, height: 1, before: [chunk("ABCD", Uint8Array.of(1))] }),
    /critical chunk/,
  ],
];

const zeros = (n: number) => new Uint8Array(n);
const bombs: readonly [string, () => Uint8Array][] = [
  ["60000 x 60000", () => build({ width: 60_000, height: 60_000, lines: zeros(10) })],
  ["30000 x 30000", () => build({ width: 30_000, height: 30_000, lines: zeros(10) })],
  ["16385 x 1", () => build({ width: 16_385, height: 1 })],
  ["1 x 16385", () => build({ width: 1, height: 16_385 })],
  ["8001 x 8000, just above 64 megapixels", () => build({ width: 8001, height: 8000, lines: zeros(10) })],
  ["4294967295 x 4294967295", () => build({ width: 2 ** 32 - 1, height: 2 ** 32 - 1, lines: zeros(10) })],
  ["16 x 16 that inflates to 40 MB", () => build({ width: 16, height: 16, lines: zeros(40_000_000) })],
  [
    "16 x 16, interlaced, that inflates to 40 MB",
    () => build({ width: 16, height: 16, interlace: 1, lines: zeros(40_000_000) }),
  ],
  [
    "16 x 16 in 16 bits that inflates to 40 MB",
    () => build({ width: 16, height: 16, depth: 16, color: 6, lines: zeros(40_000_000) }),
  ],
  [
    "8000 x 8000 with ten bytes of data",
    () => build({ width: 8000, height: 8000, depth: 16, color: 6, lines: zeros(10) }),
  ],
];

describe("bad files", () => {
  test.each(bad)("%s", (_, make, message) => {
    const error = refusal(() => readPng(make()));
    expect(error.format).toBe("png");
    expect(error.message).toMatch(message);
  });

  test.each(bombs)("bomb: %s is refused in 100 ms without memory", (_, make) => {
    const file = make();
    refusal(() => readPng(file)); // the first run compiles
    const rss = process.memoryUsage.rss();
    const start = performance.now();
    refusal(() => readPng(file));
    expect(performance.now() - start).toBeLessThan(100);
    expect(process.memoryUsage.rss() - rss).toBeLessThan(64 * 2 ** 20);
  });

  test("a file longer than the caller allows", () => {
    expect(refusal(() => readPng(good, { maxImageFileBytes: 20 })).message).toContain("maxImageFileBytes = 20");
  });

  test("mutations end in a ParseError or an image", () => {
    const corpus = [
      writePng(image(1, 8)),
      writePng(image(3, 16)),
      build({ width: 2, height: 2, interlace: 1, lines: Uint8Array.of(0, 11, 0, 22, 0, 33, 44) }),
    ];
    const check = (i: Image) => expect(i.data.length).toBe(i.width * i.height * i.channels);
    const count = fuzz(corpus, readPng, check, 3000);
    expect(count.parsed).toBeGreaterThan(0);
    expect(count.refused).toBeGreaterThan(1000);
  });

  test("writing refuses Float32 pixels and wrong lengths", () => {
    expect(() => writePng({ width: 1, height: 1, channels: 1, data: new Float32Array(1) })).toThrow(DataError);
    expect(() => writePng({ width: 2, height: 1, channels: 1, data: new Uint8Array(1) })).toThrow(/needs 2/);
  });
});
