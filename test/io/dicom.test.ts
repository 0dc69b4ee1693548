import dicomParser from "dicom-parser";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DataError, GeometryError } from "../../src/errors.ts";
import { mat3, type Plane, rotationFromVector } from "../../src/geometry/index.ts";
import { type DicomOutput, type DicomSlice, dicomUid, type Image, readDicom, writeDicom } from "../../src/io/index.ts";
import { fuzz, refusal } from "./bad.ts";
import {
  basic,
  changed,
  delimiter,
  type Element,
  encode,
  explicit,
  file,
  implicit,
  item,
  nested,
  part10,
  pixels,
} from "./dicom-build.ts";

const us = (value: number): Omit<Element, "tag"> => ({ vr: "US", value: [value] });
const ds = (value: string): Omit<Element, "tag"> => ({ vr: "DS", value });
const cs = (value: string): Omit<Element, "tag"> => ({ vr: "CS", value });
const ow = (value: Uint8Array): Omit<Element, "tag"> => ({ vr: "OW", value });
const dataOf = (changes: Parameters<typeof changed>[0]) => readDicom(file(changed(changes))).image.data;

describe("reading", () => {
  test.each([explicit, implicit])("a file in %s", (syntax) => {
    const slice = readDicom(file(basic, syntax));
    expect(slice).toMatchObject({
      frameOfReference: "1.2.3.6",
      studyUid: "1.2.3",
      seriesUid: "1.2.3.5",
      seriesNumber: 2,
      instanceUid: "1.2.3.4",
      instanceNumber: 7,
      sopClass: "1.2.840.10008.5.1.4.1.1.4",
      modality: "MR",
      plane: {
        position: [-10.5, 20, 30],
        columnDirection: [0, 1, 0],
        rowDirection: [0, 0, -1],
        spacing: [0.5, 0.25],
        rows: 2,
        columns: 3,
        thickness: 5,
      },
      image: {
        width: 3,
        height: 2,
        channels: 1,
        data: Uint16Array.of(0, 1, 2, 100, 1000, 4095),
        frameOfReference: "1.2.3.6",
      },
    });
    expect(slice.image.plane).toBe(slice.plane);
  });

  test("nothing of the patient is kept", () => {
    expect(JSON.stringify(readDicom(file()))).not.toContain("SECRET");
  });

  test("rescale slope and intercept", () => {
    expect([...dataOf({ 2625618: ds("-1024"), 2625619: ds("2.5") })]).toEqual([
      -1024, -1021.5, -1019, -774, 1476, 9213.5,
    ]);
  });

  test("signed values, with bits above BitsStored ignored", () => {
    const signed = { 2621699: us(1), 2145386512: ow(pixels([0x0fff, 0x0800, 0x07ff, 0xf001, 0, 5])) };
    const data = dataOf(signed);
    expect(data).toBeInstanceOf(Float32Array);
    expect([...data]).toEqual([-1, -2048, 2047, 1, 0, 5]);
  });

  test("8 bits, signed and not, with the even pad byte", () => {
    const eight = { 2621696: us(8), 2621697: us(8), 2621698: us(7), 2621457: us(1), 2621456: us(3) };
    expect(dataOf({ ...eight, 2145386512: ow(pixels([1, 200, 255, 0], 8)) })).toEqual(Uint8Array.of(1, 200, 255));
    expect([...dataOf({ ...eight, 2621699: us(1), 2145386512: ow(pixels([1, 200, 255, 0], 8)) })]).toEqual([
      1, -56, -1,
    ]);
  });

  test("MONOCHROME1 is mirrored in its stored range, before rescaling", () => {
    expect([...dataOf({ 2621444: cs("MONOCHROME1") })]).toEqual([4095, 4094, 4093, 3995, 3095, 0]);
    expect(dataOf({ 2621444: cs("MONOCHROME1"), 2625619: ds("2") })[5]).toBe(0);
    expect(
      dataOf({ 2621444: cs("MONOCHROME1"), 2621699: us(1), 2145386512: ow(pixels([0x0fff, 0x0800, 0, 0, 0, 0])) })[1],
    ).toBe(2047);
  });

  test("cosines that were rounded become orthonormal again", () => {
    const { plane } = readDicom(file(changed({ 2097207: ds("0.70711\\0.70711\\0.0001\\0\\0\\-1.0002") })));
    const [c, r] = [plane.columnDirection, plane.rowDirection];
    expect(Math.abs(c[0] * r[0] + c[1] * r[1] + c[2] * r[2])).toBeLessThan(1e-15);
    expect(Math.hypot(...c)).toBeCloseTo(1, 14);
    expect(Math.hypot(...r)).toBeCloseTo(1, 14);
  });

  test("thickness: SpacingBetweenSlices or the caller's stands in", () => {
    expect(readDicom(file(changed({ 1572944: undefined, 1573000: ds("4.5") }))).plane.thickness).toBe(4.5);
    expect(readDicom(file(changed({ 1572944: undefined })), { thickness: 3 }).plane.thickness).toBe(3);
  });
});

describe("quirks of real files that are tolerated", () => {
  const data = Uint16Array.of(0, 1, 2, 100, 1000, 4095);

  test("UIDs padded with spaces", () => {
    expect(
      readDicom(part10(encode(changed({ 2097166: { vr: "UI", value: "1.2.3.5 " } })), `${explicit} `)).seriesUid,
    ).toBe("1.2.3.5");
  });

  test("an even pad after an even length, and bytes after the pixels", () => {
    const tail = encode([{ tag: 0xfffcfffc, vr: "OB", value: new Uint8Array(40) }]);
    expect(readDicom(part10(Buffer.concat([encode(basic), tail]))).image.data).toEqual(data);
    expect(readDicom(new Uint8Array([...file(), 0, 0, 0])).image.data).toEqual(data);
  });

  test("private sequences of unknown VR and undefined length, in implicit VR inside", () => {
    const inner = encode([{ tag: 0x00080100, vr: "SH", value: "CODE" }], true);
    const value = Buffer.concat([item(inner, true), delimiter(0xe0dd)]);
    const un = { vr: "UN", value: new Uint8Array(value), length: 0xffffffff };
    expect(readDicom(file(changed({ 593936: un }))).image.data).toEqual(data);
  });

  test.each([true, false])("an icon with pixels of its own inside a sequence (undefined length: %s)", (open) => {
    const icon = item(
      encode([
        { tag: 0x00280010, vr: "US", value: [64] },
        { tag: 0x7fe00010, vr: "OW", value: new Uint8Array(10) },
      ]),
      open,
    );
    const sq = {
      vr: "SQ",
      value: new Uint8Array(open ? Buffer.concat([icon, delimiter(0xe0dd)]) : icon),
      length: open ? 0xffffffff : undefined,
    };
    expect(readDicom(file(changed({ 8913408: sq }))).image).toMatchObject({ height: 2, data });
  });

  test.each([explicit, implicit])("sequences 16 deep, in %s", (syntax) => {
    expect(readDicom(deep(16, syntax)).image.data).toEqual(data);
  });
});

const deep = (depth: number, syntax = explicit): Uint8Array => {
  const [before, after] = [basic.filter((e) => e.tag < 0x00081140), basic.filter((e) => e.tag > 0x00081140)];
  const short = syntax === implicit;
  return part10(Buffer.concat([encode(before, short), nested(depth, short), encode(after, short)]), syntax);
};
const many = (count: number) => {
  const one = encode([{ tag: 0x00091010, vr: "LO", value: "" }]);
  return part10(Buffer.concat([...Array.from({ length: count }, () => one), encode(basic)]));
};

const bad: readonly [string, () => Uint8Array, RegExp][] = [
  ["an empty file", () => new Uint8Array(0), /no DICM/],
  ["no preamble", () => new Uint8Array(encode(basic)), /no DICM/],
  [
    "no transfer syntax",
    () => new Uint8Array(Buffer.concat([Buffer.alloc(128), Buffer.from("DICM"), encode(basic)])),
    /no TransferSyntaxUID/,
  ],
  ["deflated", () => file(basic, "1.2.840.10008.1.2.1.99"), /Deflated.*gdcmconv/],
  ["big endian", () => file(basic, "1.2.840.10008.1.2.2"), /Big Endian/],
  ["JPEG", () => file(basic, "1.2.840.10008.1.2.4.70"), /JPEG Lossless/],
  ["JPEG 2000", () => file(basic, "1.2.840.10008.1.2.4.90"), /JPEG 2000/],
  ["RLE", () => file(basic, "1.2.840.10008.1.2.5"), /RLE/],
  ["an unknown transfer syntax", () => file(basic, "1.2.3.4"), /unknown \(1.2.3.4\)/],
  ["17 sequences inside each other", () => deep(17), /deeper than limits.maxSequenceDepth = 16/],
  ["17 sequences inside each other, in implicit VR", () => deep(17, implicit), /deeper/],
  ["20 000 sequences inside each other", () => deep(20_000), /deeper/],
  ["more than 100 000 elements", () => many(100_001), /maxElements = 100000/],
  ["a cut file", () => file().subarray(0, 300), /truncated/],
  ["cut pixels", () => file().subarray(0, file().length - 4), /\(7fe0,0010\)|PixelData/],
  ["no pixels", () => file(changed({ 2145386512: undefined })), /no PixelData/],
  [
    "an element longer than the file",
    () => file(changed({ 1048608: { vr: "LO", value: "AB", length: 60_000 } })),
    /\(0010,0020\) claims 60000/,
  ],
  ["65535 x 65535 with a few pixels", () => file(changed({ 2621456: us(65_535), 2621457: us(65_535) })), /65535x65535/],
  ["too few pixels", () => file(changed({ 2621456: us(3) })), /take 18/],
  ["too many pixels", () => file(changed({ 2621456: us(1) })), /take 6/],
  ["no rows", () => file(changed({ 2621456: us(0) })), /3?x?0|at least 1/],
  ["Rows missing", () => file(changed({ 2621456: undefined })), /Rows.*missing/],
  ["color", () => file(changed({ 2621442: us(3), 2621444: cs("RGB") })), /RGB with 3 samples/],
  ["a palette", () => file(changed({ 2621444: cs("PALETTE COLOR") })), /samples a pixel/],
  ["several frames", () => file(changed({ 2621448: { vr: "IS", value: "12" } })), /NumberOfFrames is 12/],
  ["32 bits", () => file(changed({ 2621696: us(32) })), /BitsAllocated is 32/],
  ["more bits stored than allocated", () => file(changed({ 2621697: us(17), 2621698: us(16) })), /BitsStored is 17/],
  ["a HighBit that contradicts", () => file(changed({ 2621698: us(15) })), /HighBit 15/],
  ["a representation of 2", () => file(changed({ 2621699: us(2) })), /PixelRepresentation is 2/],
  ["a slope of 0", () => file(changed({ 2625619: ds("0") })), /RescaleSlope is 0/],
  ["a slope that is text", () => file(changed({ 2625619: ds("abc") })), /RescaleSlope \(0028,1053\) is "\?\?\?"/],
  ["no position", () => file(changed({ 2097202: undefined })), /ImagePositionPatient.*0 values/],
  ["half an orientation", () => file(changed({ 2097207: ds("1\\0\\0") })), /3 values, 6/],
  ["an orientation of zeros", () => file(changed({ 2097207: ds("0\\0\\0\\0\\0\\0") })), /unit vector/],
  ["rows along columns", () => file(changed({ 2097207: ds("1\\0\\0\\1\\0\\0") })), /orthogonal/],
  ["a spacing of 0", () => file(changed({ 2621488: ds("0\\1") })), /PixelSpacing/],
  ["a negative spacing", () => file(changed({ 2621488: ds("-1\\1") })), /PixelSpacing/],
  ["one spacing", () => file(changed({ 2621488: ds("1") })), /1 values, 2/],
  ["a position of text", () => file(changed({ 2097202: ds("a\\b\\c") })), /ImagePositionPatient/],
  ["no thickness", () => file(changed({ 1572944: undefined })), /option thickness/],
  ["a negative thickness", () => file(changed({ 1572944: ds("-5") })), /thickness/],
  ["no series", () => file(changed({ 2097166: undefined })), /SeriesInstanceUID/],
  ["a series UID of text", () => file(changed({ 2097166: { vr: "UI", value: "<script>" } })), /is no UID/],
];

describe("bad files", () => {
  test.each(bad)("%s", (_, make, message) => {
    const start = performance.now();
    const error = refusal(() => readDicom(make()));
    expect(error.format).toBe("dicom");
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain("SECRET");
    expect(performance.now() - start).toBeLessThan(1000);
  });

  test("a file cut at any byte is refused", () => {
    const whole = file();
    for (let length = 0; length < whole.length; length++) refusal(() => readDicom(whole.subarray(0, length)));
  });

  test("mutations end in a ParseError or a slice, and never show the patient", () => {
    const corpus = [file(), file(basic, implicit), deep(3), writeDicom(output)];
    const read = (bytes: Uint8Array): DicomSlice => {
      try {
        return readDicom(bytes);
      } catch (error) {
        expect((error as Error).message).not.toContain("SECRET");
        throw error;
      }
    };
    const check = (s: DicomSlice) => {
      expect(s.image.data.length).toBe(s.plane.rows * s.plane.columns);
      expect([...s.plane.position, ...s.plane.columnDirection, ...s.plane.spacing].every(Number.isFinite)).toBe(true);
    };
    const count = fuzz(corpus, read, check, 8000);
    expect(count.parsed).toBeGreaterThan(300);
    expect(count.refused).toBeGreaterThan(1000);
  });
});

const turned = rotationFromVector([12, -7, 33]);
const plane: Plane = {
  position: [-101.234567890123, 55.5, 1 / 3],
  columnDirection: mat3.column(turned, 0),
  rowDirection: mat3.column(turned, 1),
  spacing: [1.25, 0.75],
  rows: 4,
  columns: 5,
  thickness: 5,
};
const image = (data: Image["data"]): Image => ({ width: 5, height: 4, channels: 1, data });
const output: DicomOutput = {
  image: image(Uint16Array.from({ length: 20 }, (_, i) => i * 3449)),
  plane,
  frameOfReference: "1.2.3.4",
  studyUid: dicomUid("a study"),
  seriesUid: dicomUid("a series"),
  seriesNumber: 3,
  instanceNumber: 9,
  spacingBetweenSlices: 5,
  seriesDescription: "scout sagittal",
  subject: "SIM^HEAD",
};

describe("writing", () => {
  test("16-bit pixels, ids and geometry come back", () => {
    const back = readDicom(writeDicom(output));
    expect(back.image.data).toEqual(output.image.data);
    expect(back).toMatchObject({
      frameOfReference: "1.2.3.4",
      studyUid: dicomUid("a study"),
      seriesUid: dicomUid("a series"),
      seriesNumber: 3,
      instanceNumber: 9,
      modality: "MR",
      spacingBetweenSlices: 5,
      sopClass: "1.2.840.10008.5.1.4.1.1.4",
    });
    expect(back.plane).toMatchObject({ rows: 4, columns: 5, spacing: [1.25, 0.75], thickness: 5 });
    [...plane.position, ...plane.columnDirection, ...plane.rowDirection].forEach((v, i) => {
      expect([...back.plane.position, ...back.plane.columnDirection, ...back.plane.rowDirection][i]).toBeCloseTo(v, 10);
    });
  });

  test("dicom-parser finds the elements a viewer asks for", () => {
    const set = dicomParser.parseDicom(writeDicom(output));
    expect(set.uint16("x00280010")).toBe(4);
    expect(set.uint16("x00280011")).toBe(5);
    expect(set.string("x00280030")).toBe("1.25\\0.75");
    expect(set.string("x00020010")).toBe(explicit);
    expect(set.string("x00020003")).toBe(set.string("x00080018"));
    expect(set.elements.x7fe00010.length).toBe(40);
    const meta = set.uint32("x00020000")!;
    expect(set.elements.x00020000.dataOffset + 4 + meta).toBe(set.elements.x00080008.dataOffset - 8);
    for (const e of Object.values(set.elements)) expect(e.length % 2).toBe(0);
    const tags = Object.keys(set.elements).filter((t) => t > "x0003");
    expect(tags).toEqual(tags.toSorted());
    for (const e of Object.values(set.elements))
      if (e.vr === "DS")
        for (const part of (set.string(e.tag) ?? "").split("\\")) expect(part.length).toBeLessThanOrEqual(16);
  });

  test("the same input gives the same bytes, another input other UIDs", () => {
    expect(writeDicom(output)).toEqual(writeDicom(output));
    const other = readDicom(writeDicom({ ...output, instanceNumber: 10 }));
    expect(other.instanceUid).not.toBe(readDicom(writeDicom(output)).instanceUid);
    expect(dicomUid("ab", "c")).not.toBe(dicomUid("a", "bc"));
    expect(dicomUid("x")).toMatch(/^2\.25\.[1-9]\d{0,38}$/);
  });

  test("without ids it derives them from the content", () => {
    const bare = readDicom(writeDicom({ image: output.image, plane }));
    for (const uid of [bare.studyUid!, bare.seriesUid, bare.instanceUid, bare.frameOfReference!]) {
      expect(uid).toMatch(/^2\.25\.\d+$/);
      expect(uid.length).toBeLessThanOrEqual(64);
    }
    expect(new Set([bare.studyUid, bare.seriesUid, bare.instanceUid, bare.frameOfReference]).size).toBe(4);
  });

  test("whole numbers of an 8-bit or Float32 image stay exact", () => {
    const bytes = Uint8Array.from({ length: 20 }, (_, i) => i * 13);
    expect([...readDicom(writeDicom({ image: image(bytes), plane })).image.data]).toEqual([...bytes]);
    const floats = Float32Array.from(bytes, (v) => v * 256);
    expect([...readDicom(writeDicom({ image: image(floats), plane })).image.data]).toEqual([...floats]);
  });

  test("other values are kept to half a step of their range", () => {
    const values = fc.float32Array({
      minLength: 20,
      maxLength: 20,
      noNaN: true,
      noDefaultInfinity: true,
      min: -1e6,
      max: 1e6,
    });
    fc.assert(
      fc.property(values, (data) => {
        const back = readDicom(writeDicom({ image: image(data), plane })).image.data;
        const [low, high] = [Math.min(...data), Math.max(...data)];
        // Half a step, and the float32 that the reader gives.
        const tolerance = ((high - low) / 65_535) * 0.501 + Math.max(Math.abs(low), Math.abs(high)) * 2 ** -23;
        data.forEach((v, i) => {
          expect(Math.abs(back[i] - v)).toBeLessThanOrEqual(tolerance);
        });
      }),
      { numRuns: 200 },
    );
  });

  test("bad input is refused by name", () => {
    const write = (change: Partial<DicomOutput>) => () => writeDicom({ ...output, ...change });
    expect(write({ image: { ...output.image, width: 4 } })).toThrow(/must agree/);
    expect(write({ image: image(Float32Array.from({ length: 20 }, () => Number.NaN)) })).toThrow(/NaN/);
    expect(write({ image: { ...output.image, channels: 3 } })).toThrow(/3 channels/);
    expect(write({ studyUid: "1.2.x" })).toThrow(DataError);
    expect(write({ seriesUid: "1.02.3" })).toThrow(/seriesUid/);
    expect(write({ frameOfReference: `1.${"2".repeat(70)}` })).toThrow(/frameOfReference/);
    expect(write({ seriesDescription: "a\\b" })).toThrow(/seriesDescription/);
    expect(write({ plane: { ...plane, thickness: 0 } })).toThrow(GeometryError);
  });
});
