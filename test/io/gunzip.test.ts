import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { crc32, gunzip, gunzipHead, isGzip } from "../../src/io/gunzip.ts";
import type { ReadWarning } from "../../src/io/index.ts";
import { hex, sha256 } from "../../src/io/sha256.ts";
import { refusal } from "./bad.ts";

const content = Uint8Array.from({ length: 100_000 }, (_, i) => (i * i) >> 3);
const file = new Uint8Array(gzipSync(content));

test("content comes back, exactly up to the cap", () => {
  expect(isGzip(file)).toBe(true);
  expect(gunzip(file, content.length)).toEqual(content);
  expect(refusal(() => gunzip(file, content.length - 1)).message).toContain("longer than the 99999 bytes");
});

test("several members are joined", () => {
  expect(gunzip(new Uint8Array([...file, ...file]), 1e6)).toEqual(new Uint8Array([...content, ...content]));
});

test.each([1, 3, 4, 8, 512])("%i zeros behind the stream are ignored with a warning", (zeros) => {
  // Contents of many lengths: a trailer's own zeros are not taken for padding, nor padding for the trailer.
  for (const length of [1, 100, 255, 256, 65_536, 70_000, 100_000]) {
    const part = content.subarray(0, length);
    const warnings: ReadWarning[] = [];
    const plain = gzipSync(part);
    expect(gunzip(new Uint8Array(plain), 1e6, (w) => warnings.push(w))).toEqual(part);
    expect(warnings).toEqual([]);
    const padded = new Uint8Array([...plain, ...new Uint8Array(zeros)]);
    expect(gunzip(padded, 1e6, (w) => warnings.push(w))).toEqual(part);
    expect(warnings.map((w) => w.text)).toEqual([expect.stringContaining(`${zeros} zero`)]);
  }
});

test("members with zeros behind them, and other bytes behind them", () => {
  const two = [...file, ...gzipSync(content.subarray(0, 5000))];
  expect(gunzip(new Uint8Array([...two, ...new Uint8Array(300)]), 1e6).length).toBe(105_000);
  refusal(() => gunzip(new Uint8Array([...file, 1, 2, 3, 4, 5]), 1e6));
  refusal(() => gunzip(new Uint8Array([...file, 0, 0, 0, 0, 7]), 1e6));
});

test.each([0, 1])("a wrong CRC of member %i is refused", (member) => {
  const parts = [content.subarray(0, 40_000), content.subarray(40_000)].map((c) => gzipSync(c));
  parts[member][parts[member].length - 8] ^= 1;
  expect(refusal(() => gunzip(new Uint8Array(Buffer.concat(parts)), 1e6)).message).toContain("CRC-32");
});

test("an empty stream has no content", () => {
  expect(gunzip(new Uint8Array(gzipSync(new Uint8Array(0))), 10)).toEqual(new Uint8Array(0));
});

test("the head comes without the rest", () => {
  expect(gunzipHead(file, 352)).toEqual(content.subarray(0, 352));
  expect(gunzipHead(new Uint8Array(gzipSync(content.subarray(0, 9))), 352)).toEqual(content.subarray(0, 9));
});

test.each([0, 5, 17, 18, 100, file.length - 9, file.length - 1])("a stream cut to %i bytes is refused", (length) => {
  expect(refusal(() => gunzip(file.subarray(0, length), 1e6)).format).toBe("gzip");
});

test("a bomb of 400 MB is stopped at the cap, fast", () => {
  const bomb = new Uint8Array(gzipSync(new Uint8Array(400_000_000), { level: 1 }));
  const start = performance.now();
  refusal(() => gunzip(bomb, 1_000_000));
  expect(performance.now() - start).toBeLessThan(500);
});

test("CRC-32 of the check string", () => {
  expect(crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf43926); // the CRC catalog's check value
});

test("SHA-256 equals Node's for every length around the block size", () => {
  for (let length = 0; length < 200; length++) {
    const bytes = content.subarray(length, 2 * length);
    expect(hex(sha256(bytes))).toBe(createHash("sha256").update(bytes).digest("hex"));
  }
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 5000 }),
      (b) => hex(sha256(b)) === createHash("sha256").update(b).digest("hex"),
    ),
    { numRuns: 50 },
  );
});
