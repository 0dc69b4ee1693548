import { existsSync, readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { NIFTI1 } from "nifti-reader-js";
import { describe, expect, test } from "vitest";
import { type Affine, type Mat3, mapPoint, mat3, rotationFromVector } from "../../src/geometry/index.ts";
import { readNifti, type Volume, writeNifti } from "../../src/io/index.ts";
import { edited, fuzz, refusal } from "./bad.ts";

const affine: Affine<"voxel", "lps"> = {
  linear: mat3.multiply(rotationFromVector([10, -20, 35]), [1.5, 0, 0, 0, 2, 0, 0, 0, -2.5]),
  offset: [12.25, -40.5, 7.75],
};
const volume = (data: Volume["data"] = Int16Array.from({ length: 24 }, (_, i) => 100 * i - 900)): Volume => ({
  size: [2, 3, 4],
  data,
  affine,
});
const plain = writeNifti(volume());

const close = (a: Affine<"voxel", "lps">, b: Affine<"voxel", "lps">) => {
  const x = [...a.linear, ...a.offset];
  [...b.linear, ...b.offset].forEach((v, i) => {
    expect(Math.abs(v - x[i])).toBeLessThan(1e-6 * Math.max(1, Math.abs(v)));
  });
};

describe("round trips", () => {
  const arrays = [Uint8Array, Int16Array, Uint16Array, Int32Array, Float32Array, Float64Array];
  for (const type of arrays)
    test.each([true, false])(`${type.name}, gzip %s`, (gzip) => {
      const data = new type(24).map((_: number, i: number) => i * 3);
      const back = readNifti(writeNifti(volume(data), { gzip }));
      expect(back.data).toBeInstanceOf(type);
      expect(back.data).toEqual(data);
      expect(back.size).toEqual([2, 3, 4]);
      close(back.affine, affine);
    });

  test("affines of any rotation, spacing and handedness come back to 1e-6 by the sform, to 1e-3 by the qform", () => {
    const angle = fc.double({ min: -180, max: 180, noNaN: true });
    const size = fc.double({ min: 0.1, max: 10, noNaN: true });
    const place = fc.double({ min: -500, max: 500, noNaN: true });
    fc.assert(
      fc.property(
        fc.tuple(angle, angle, angle),
        fc.tuple(size, size, size),
        fc.tuple(place, place, place),
        fc.boolean(),
        fc.boolean(),
        (r, s, offset, mirrored, sform) => {
          const linear = mat3.multiply(rotationFromVector(r), [s[0], 0, 0, 0, s[1], 0, 0, 0, mirrored ? -s[2] : s[2]]);
          const file = writeNifti({ ...volume(), affine: { linear, offset } });
          // Without its sform the file must say the same by its qform.
          const read = readNifti(sform ? file : edited(file, (v) => v.setInt16(254, 0, true)));
          const largest = Math.max(1, ...linear.map(Math.abs), ...offset.map(Math.abs));
          // A qform keeps sin(angle / 2) as float32: near half a turn its cosine is only known to sqrt(2^-23).
          const tolerance = (sform ? 1e-6 : 1e-3) * largest;
          [...linear, ...offset].forEach((v, i) => {
            expect(Math.abs(v - [...read.affine.linear, ...read.affine.offset][i])).toBeLessThan(tolerance);
          });
        },
      ),
      { numRuns: 300 },
    );
  });

  test("a sheared affine keeps its sform and has no qform", () => {
    const linear: Mat3 = [1, 0.5, 0, 0, 1, 0, 0, 0, 1];
    const file = writeNifti({ ...volume(), affine: { linear, offset: [0, 0, 0] } });
    expect(new DataView(file.buffer).getInt16(252, true)).toBe(0);
    close(readNifti(file).affine, { linear, offset: [0, 0, 0] });
  });

  test("the same volume gives the same bytes", () => {
    expect(writeNifti(volume(), { gzip: true })).toEqual(writeNifti(volume(), { gzip: true }));
  });

  test("nifti-reader-js finds the same matrix, in RAS, and the same sizes", () => {
    const header = new NIFTI1();
    header.readHeader(plain.slice().buffer);
    expect(header.dims.slice(0, 4)).toEqual([3, 2, 3, 4]);
    const at = mapPoint(affine, [1, 2, 3]);
    const ras = header.affine.map((row) => row[0] + 2 * row[1] + 3 * row[2] + row[3]);
    [-at[0], -at[1], at[2]].forEach((v, i) => {
      expect(ras[i]).toBeCloseTo(v, 4);
    });
  });
});

describe("header variants", () => {
  const scaled = (slope: number, inter: number) =>
    readNifti(
      edited(plain, (v) => {
        v.setFloat32(112, slope, true);
        v.setFloat32(116, inter, true);
      }),
    ).data;

  test("slope and intercept make Float32 values", () => {
    const data = scaled(0.5, 10);
    expect(data).toBeInstanceOf(Float32Array);
    expect(data[3]).toBe((300 - 900) * 0.5 + 10);
  });

  test.each([0, Number.NaN])("a slope of %s means no scaling", (slope) => {
    expect(scaled(slope, 7)).toEqual(volume().data);
  });

  test("big-endian files read the same", () => {
    const big = Uint8Array.from(plain);
    const swap = (at: number, width: number) => big.set(big.slice(at, at + width).reverse(), at);
    swap(0, 4);
    for (let i = 0; i < 8; i++) swap(40 + 2 * i, 2);
    for (const at of [70, 72, 252, 254]) swap(at, 2);
    for (let at = 76; at < 120; at += 4) swap(at, 4);
    for (let at = 256; at < 328; at += 4) swap(at, 4);
    for (let at = 352; at < big.length; at += 2) swap(at, 2);
    const read = readNifti(big);
    expect(read.data).toEqual(volume().data);
    close(read.affine, affine);
  });

  test("int8, uint32, int64 and uint64 go to arrays that hold them", () => {
    const of = (code: number, width: number, put: (v: DataView, at: number) => void) => {
      const file = new Uint8Array(352 + 24 * width);
      file.set(plain.subarray(0, 352));
      const view = new DataView(file.buffer);
      view.setInt16(70, code, true);
      view.setInt16(72, 8 * width, true);
      put(view, 352);
      return readNifti(file).data;
    };
    expect(of(256, 1, (v, at) => v.setInt8(at, -5))).toEqual(Int16Array.from({ length: 24 }, (_, i) => (i ? 0 : -5)));
    expect(of(768, 4, (v, at) => v.setUint32(at, 4e9, true))[0]).toBe(4e9);
    expect(of(1024, 8, (v, at) => v.setBigInt64(at, -7n, true))[0]).toBe(-7);
    expect(of(1280, 8, (v, at) => v.setBigUint64(at, 9n, true))[0]).toBe(9);
    expect(refusal(() => of(1024, 8, (v, at) => v.setBigInt64(at, 2n ** 60n, true))).message).toContain(
      "float64 holds exactly",
    );
  });

  test("without sform and qform the voxel sizes place the volume", () => {
    const read = readNifti(
      edited(plain, (v) => {
        v.setInt16(252, 0, true);
        v.setInt16(254, 0, true);
      }),
    );
    close(read.affine, { linear: [-1.5, 0, 0, 0, -2, 0, 0, 0, 2.5], offset: [0, 0, 0] });
  });

  test("meters and micrometers become millimeters", () => {
    const inUnit = (unit: number) => readNifti(edited(plain, (v) => v.setUint8(123, unit))).affine.offset[0];
    expect(inUnit(1)).toBeCloseTo(12_250, 2);
    expect(inUnit(3)).toBeCloseTo(0.01225, 8);
    expect(inUnit(10)).toBeCloseTo(12.25, 5); // millimeters and seconds
  });

  test("a file read from the middle of a larger buffer", () => {
    const padded = new Uint8Array(plain.length + 7);
    padded.set(plain, 5);
    expect(readNifti(padded.subarray(5, 5 + plain.length)).data).toEqual(volume().data);
  });
});

describe("fields that are wrong where another settles them", () => {
  const same = (bytes: Uint8Array, code: string, text: string) => {
    const read = readNifti(bytes);
    expect(read).toMatchObject({ size: [2, 3, 4], data: volume().data, warnings: [{ code }] });
    expect(read.warnings?.[0].text).toContain(text);
    close(read.affine, affine);
  };

  test.each([
    [80, 0],
    [84, -2],
    [88, Number.NaN],
    [80, Number.POSITIVE_INFINITY],
  ])("pixdim at byte %i is %f beside an sform", (at, value) => {
    same(float32(at, value), "pixdim", `is ${value}; the voxel's size`);
  });

  test.each([0, 8, 32, -5])("bitpix is %i", (bits) => {
    same(int16(72, bits), "bitpix", `bitpix is ${bits}, but datatype int16 has 16`);
  });

  test("vox_offset is 0", () => same(float32(108, 0), "vox_offset", "byte 352"));

  test("zeros follow the gzip stream", () => {
    same(new Uint8Array([...gzipSync(plain), ...new Uint8Array(512)]), "trailing_zeros", "512 zero bytes");
  });

  test("a good file has no warnings", () => {
    expect(readNifti(plain).warnings).toBeUndefined();
  });
});

const int16 = (at: number, value: number) => edited(plain, (v) => v.setInt16(at, value, true));
const float32 = (at: number, value: number) => edited(plain, (v) => v.setFloat32(at, value, true));
/** The place from the qform: pixdim counts then. */
const byQform = (at: number, value: number) => edited(float32(at, value), (v) => v.setInt16(254, 0, true));
const many = (...edits: readonly [at: number, value: number][]) =>
  edited(plain, (v) =>
    edits.forEach(([at, value]) => {
      v.setInt16(at, value, true);
    }),
  );

/** name, bytes, what the message must hold. */
const bad: readonly [string, Uint8Array, RegExp][] = [
  ["an empty file", new Uint8Array(0), /0 bytes/],
  ["a cut header", plain.subarray(0, 347), /truncated/],
  ["another format", new TextEncoder().encode("x".repeat(400)), /must be 348/],
  ["a NIfTI-2 file", edited(plain, (v) => v.setInt32(0, 540, true)), /NIfTI-2/],
  ["a header of a .hdr/.img pair", edited(plain, (_, b) => b.set([0x6e, 0x69, 0x31], 344)), /\.hdr\/\.img/],
  [
    "a lone header of a pair",
    edited(plain, (_, b) => b.set([0x6e, 0x69, 0x31, 0], 344)).subarray(0, 348),
    /NIfTI-1 \.hdr/,
  ],
  ["a lone Analyze header", edited(plain, (_, b) => b.fill(0, 344, 348)).subarray(0, 348), /Analyze 7\.5 \.hdr/],
  ["a file cut behind its header", plain.subarray(0, 348), /ends with its header/],
  ["Analyze 7.5", edited(plain, (_, b) => b.fill(0, 344, 348)), /Analyze/],
  ["no axes", int16(40, 0), /dim\[0\].* is 0/],
  ["eight axes", int16(40, 8), /dim\[0\].* is 8/],
  ["a negative dim", int16(42, -4), /dim\[1\] is -4/],
  ["a zero dim", int16(44, 0), /dim\[2\] is 0/],
  ["absurd dims", many([42, 32767], [44, 32767], [46, 32767]), /more than limits.maxDecodedBytes/],
  ["a fourth axis", many([40, 4], [48, 20]), /dim\[4\] is 20.*several volumes/],
  ["a sixth axis", many([40, 6], [52, 3]), /dim\[6\] is 3/],
  ["less data than dims say", int16(42, 200), /truncated/],
  ["one byte too few", plain.subarray(0, plain.length - 1), /truncated/],
  ["an unknown datatype", int16(70, 77), /datatype is 77/],
  ["complex voxels", int16(70, 32), /complex64/],
  ["RGB voxels", int16(70, 128), /RGB24/],
  [
    "a bitpix that contradicts, in a file long enough for both",
    new Uint8Array([...int16(72, 32), ...new Uint8Array(48)]),
    /bitpix is 32.*long enough for both/,
  ],
  [
    "a vox_offset of 0 with an extension behind the header",
    edited(float32(108, 0), (v) => v.setUint8(348, 1)),
    /vox_offset is 0/,
  ],
  ["a vox_offset inside the header", float32(108, 100), /vox_offset is 100/],
  ["a negative vox_offset", float32(108, -352), /vox_offset is -352/],
  ["a fractional vox_offset", float32(108, 352.5), /vox_offset is 352.5/],
  ["a vox_offset beyond the file", float32(108, 1e9), /truncated/],
  ["a vox_offset of NaN", float32(108, Number.NaN), /vox_offset is NaN/],
  ["a pixdim of 0", byQform(80, 0), /pixdim\[1\] is 0/],
  ["a negative pixdim", byQform(84, -1), /pixdim\[2\] is -1/],
  ["an infinite pixdim", byQform(88, Number.POSITIVE_INFINITY), /pixdim\[3\] is Infinity/],
  ["an infinite slope", float32(112, Number.POSITIVE_INFINITY), /scl_slope is Infinity/],
  [
    "an intercept of NaN",
    edited(plain, (v) => {
      v.setFloat32(112, 2, true);
      v.setFloat32(116, Number.NaN, true);
    }),
    /scl_inter is NaN/,
  ],
  ["a singular sform", edited(plain, (_, b) => b.fill(0, 280, 296)), /singular/],
  ["an sform with NaN", float32(284, Number.NaN), /sform holds NaN/],
  ["a qform with a long quaternion", edited(int16(254, 0), (v) => v.setFloat32(256, 3, true)), /quaternion/],
  ["a qform with NaN", edited(int16(254, 0), (v) => v.setFloat32(268, Number.NaN, true)), /qform holds NaN/],
  ["a cut gzip stream", gzipSync(plain).subarray(0, 90), /gzip/],
  [
    "a gzip stream with a wrong checksum",
    edited(gzipSync(plain), (_, b) => {
      b[b.length - 6] ^= 1;
    }),
    /CRC-32/,
  ],
  ["a bomb: gigabytes claimed by a kilobyte", gzipSync(many([42, 1000], [44, 1000], [46, 1000])), /cannot hold/],
  [
    "a bomb: megabytes behind a small header",
    gzipSync(Buffer.concat([plain, Buffer.alloc(50_000_000)])),
    /decompression bomb/,
  ],
];

describe("bad files", () => {
  test.each(bad)("%s", (_, bytes, message) => {
    const error = refusal(() => readNifti(bytes));
    expect(error.message).toMatch(message);
    expect(["nifti", "gzip"]).toContain(error.format);
  });

  test("a file above the caller's limit", () => {
    expect(refusal(() => readNifti(plain, { maxFileBytes: 100 })).message).toContain("maxFileBytes = 100");
    expect(refusal(() => readNifti(plain, { maxDecodedBytes: 40 })).message).toContain("maxDecodedBytes = 40");
  });

  test("mutations end in a ParseError or a volume", () => {
    const check = (v: Volume) => {
      expect(v.data.length).toBe(v.size[0] * v.size[1] * v.size[2]);
      expect([...v.affine.linear, ...v.affine.offset].every(Number.isFinite)).toBe(true);
    };
    const count = fuzz([plain, writeNifti(volume(), { gzip: true })], readNifti, check, 4000);
    expect(count.parsed).toBeGreaterThan(100);
    expect(count.refused).toBeGreaterThan(100);
  });

  test("writing refuses what the format cannot hold", () => {
    expect(() => writeNifti({ ...volume(), size: [2, 3, 5] })).toThrow(/needs 30/);
    expect(() => writeNifti({ ...volume(), size: [40_000, 1, 1] })).toThrow(/32767/);
    expect(() =>
      writeNifti({ ...volume(), affine: { linear: [0, 0, 0, 0, 1, 0, 0, 0, 1], offset: [0, 0, 0] } }),
    ).toThrow(/singular/);
  });
});

const heads = new URL("../../../shared/data/ixi2mm/", import.meta.url);
describe.skipIf(!existsSync(heads))("real heads (shared/data/ixi2mm)", () => {
  const names = existsSync(heads) ? readdirSync(new URL("t1/", heads)).slice(0, 4) : [];

  test.each(names)("%s and its labels", (name) => {
    const t1 = readNifti(readFileSync(new URL(`t1/${name}`, heads)));
    const labels = readNifti(readFileSync(new URL(`labels/${name}`, heads)));
    expect(t1.size).toEqual(labels.size);
    close(t1.affine, labels.affine);
    expect(labels.data.every(Number.isInteger)).toBe(true);
    close(readNifti(writeNifti(t1, { gzip: true })).affine, t1.affine);
    // The data set's table has each label's centroid in RAS millimeters, computed by others.
    const table = readFileSync(new URL("centroids_ras_mm.csv", heads), "utf8").split(/\r?\n/);
    const row = table.find((line) => line.startsWith(`${name.replace(".nii.gz", "")},BrainStem,`));
    const [x, y, z] = row!.split(",").slice(2).map(Number);
    const lps = centroid(labels, 35);
    [-x, -y, z].forEach((v, i) => {
      expect(Math.abs(lps[i] - v)).toBeLessThan(0.011); // the table has two decimals
    });
  });
});

const centroid = (v: Volume, label: number): readonly number[] => {
  const sum = [0, 0, 0];
  let count = 0;
  for (let i = 0; i < v.data.length; i++)
    if (v.data[i] === label) {
      sum[0] += i % v.size[0];
      sum[1] += Math.floor(i / v.size[0]) % v.size[1];
      sum[2] += Math.floor(i / (v.size[0] * v.size[1]));
      count += 1;
    }
  return mapPoint(v.affine, sum.map((s) => s / count) as unknown as [number, number, number]);
};
