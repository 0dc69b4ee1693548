import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { foreignDicom, readDicom } from "../../src/io/index.ts";
import { decimal } from "../../src/io/text/decimal.ts";
import { refusal } from "./bad.ts";
import { changed, type Element, encode, explicit, file, implicit, part10, pixels } from "./dicom-build.ts";

type Changes = Parameters<typeof changed>[0];
const ds = (value: string | Uint8Array): Omit<Element, "tag"> => ({ vr: "DS", value });
const us = (value: number): Omit<Element, "tag"> => ({ vr: "US", value: [value] });
const ui = (value: string): Omit<Element, "tag"> => ({ vr: "UI", value });
const ow = (values: readonly number[]): Omit<Element, "tag"> => ({ vr: "OW", value: pixels(values) });
const read = (changes: Changes, syntax = explicit) => readDicom(file(changed(changes), syntax));
const message = (changes: Changes) => refusal(() => read(changes)).message;
const bytes = (text: string) => new TextEncoder().encode(text);

const tags = {
  imageType: 0x00080008,
  sopClass: 0x00080016,
  thickness: 0x00180050,
  siemens: 0x00190010,
  tiles: 0x0019100a,
  spacingBetween: 0x00180088,
  seriesNumber: 0x00200011,
  position: 0x00200032,
  orientation: 0x00200037,
  frames: 0x00280008,
  photometric: 0x00280004,
  rows: 0x00280010,
  columns: 0x00280011,
  spacing: 0x00280030,
  allocated: 0x00280100,
  stored: 0x00280101,
  high: 0x00280102,
  signed: 0x00280103,
  padding: 0x00280120,
  paddingLimit: 0x00280121,
  intercept: 0x00281052,
  slope: 0x00281053,
  data: 0x7fe00010,
};

describe("decimal strings", () => {
  test.each([
    [tags.spacing, "1,5\\1,25", 'PixelSpacing (0028,0030) is "1,5\\1,25"'],
    [tags.spacing, "1.5,0.75", 'PixelSpacing (0028,0030) is "1.5,0.75"'],
    [tags.position, "-10,5\\-20,25\\30,75", 'ImagePositionPatient (0020,0032) is "-10,5'],
    [tags.orientation, "0,6\\0,8\\0\\-0,8\\0,6\\0", "ImageOrientationPatient (0020,0037)"],
    [tags.thickness, "5,5", 'SliceThickness (0018,0050) is "5,5"'],
    [tags.slope, "2,5", 'RescaleSlope (0028,1053) is "2,5"'],
    [tags.intercept, "-1024,0", 'RescaleIntercept (0028,1052) is "-1024,0"'],
    [tags.spacingBetween, "4,5", 'SpacingBetweenSlices (0018,0088) is "4,5"'],
    [tags.frames, "1,0", 'NumberOfFrames (0028,0008) is "1,0"'],
  ])("a comma in %i (%s) is refused by tag and value", (tag, value, text) => {
    expect(message({ [tag]: ds(value) })).toContain(text);
    expect(message({ [tag]: ds(value) })).toContain("with a point");
  });

  test.each([
    "12abc\\0\\0",
    "NaN\\0\\0",
    "Infinity\\0\\0",
    "1e999\\0\\0",
    "0x10\\0\\0",
    "1 2\\0\\0",
    "--1\\0\\0",
    "\\0\\0",
  ])("the position %s is refused", (value) => {
    expect(message({ [tags.position]: ds(value) })).toContain("ImagePositionPatient (0020,0032) is");
  });

  test("a name that got into a number is not shown", () => {
    expect(message({ [tags.thickness]: ds("SECRET") })).toContain('"?E??E?"');
  });

  test("blanks and NULs around numbers are padding; signs, points and exponents are read", () => {
    const { plane } = read({
      [tags.position]: ds(bytes(" -1.0E1\\+20. \\ .5e+2\0\0")),
      [tags.spacing]: ds(bytes("1.5\\0.75\0\0")),
    });
    expect(plane).toMatchObject({ position: [-10, 20, 50], spacing: [1.5, 0.75] });
  });

  test("two values where one is due, and a fraction where a whole number is", () => {
    expect(message({ [tags.slope]: ds("2\\3") })).toContain("RescaleSlope (0028,1053) has 2 values");
    expect(message({ [tags.frames]: ds("1.5") })).toContain("must be a whole number");
  });

  test("an empty value is an absent one; a number for messages only is left out with a warning", () => {
    expect(read({ [tags.slope]: ds(""), [tags.intercept]: ds("  ") }).image.data).toBeInstanceOf(Uint16Array);
    const odd = read({ [tags.seriesNumber]: ds("2,5") });
    expect(odd.seriesNumber).toBeUndefined();
    expect(odd.image.warnings?.[0].text).toContain('SeriesNumber (0020,0011) is "2,5"');
    expect(read({}).image.warnings).toBeUndefined();
  });

  test("decimal reads what prints as a number and nothing with anything behind it", () => {
    fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (v) => decimal(String(v)) === v));
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.constantFrom(",", " ", "a", "%", "\0"),
        (v, c) => decimal(`${v}${c}`) === undefined,
      ),
    );
  });

  test("a slope that leaves float32 is refused", () => {
    expect(message({ [tags.slope]: ds("1e36") })).toContain("fit float32");
  });
});

describe("padding of the picture", () => {
  const measured = { [tags.signed]: us(1), [tags.stored]: us(16), [tags.high]: us(15) };
  const at = (v: number) => v & 0xffff;

  test.each([explicit, implicit])("has the darkest value of the rest, before rescaling (%s)", (syntax) => {
    const { data } = read(
      {
        ...measured,
        [tags.padding]: { vr: "SS", value: [at(-2000)] },
        [tags.slope]: ds("2"),
        [tags.intercept]: ds("10"),
        [tags.data]: ow([at(-2000), 3, 40, at(-2000), 5, 600]),
      },
      syntax,
    ).image;
    expect([...data]).toEqual([16, 16, 90, 16, 20, 1210]);
  });

  test("bright padding of an unsigned picture, and of an inverted one", () => {
    const bright = { [tags.padding]: us(4095), [tags.data]: ow([4095, 7, 40, 4095, 9, 600]) };
    expect([...read(bright).image.data]).toEqual([7, 7, 40, 7, 9, 600]);
    const inverted = { ...bright, [tags.photometric]: { vr: "CS", value: "MONOCHROME1" } };
    expect([...read(inverted).image.data]).toEqual([3495, 4088, 4055, 3495, 4086, 3495]);
  });

  test.each([
    [0, 5],
    [5, 0],
  ])("a range from %i to %i, in either order", (value, limit) => {
    const range = { [tags.padding]: us(value), [tags.paddingLimit]: us(limit), [tags.data]: ow([0, 3, 5, 6, 80, 900]) };
    expect([...read(range).image.data]).toEqual([6, 6, 6, 6, 80, 900]);
  });

  test("bits above BitsStored do not hide padding", () => {
    const over = { [tags.signed]: us(1), [tags.padding]: { vr: "SS", value: [at(-2000)] } };
    const data = [at(-2000) & 0xfff, at(-2000), 8, 9, 10, 11];
    expect([...read({ ...over, [tags.data]: ow(data) }).image.data]).toEqual([8, 8, 8, 9, 10, 11]);
  });

  test("nothing but padding is a black picture; an empty value pads nothing", () => {
    expect([...read({ [tags.padding]: us(7), [tags.data]: ow([7, 7, 7, 7, 7, 7]) }).image.data]).toEqual([
      0, 0, 0, 0, 0, 0,
    ]);
    const empty = { [tags.padding]: { vr: "US", value: new Uint8Array(0) }, [tags.data]: ow([0, 7, 7, 7, 7, 7]) };
    expect(read(empty).image.data[0]).toBe(0);
  });
});

describe("bytes behind the pixels (PS3.5 8.1.1)", () => {
  test.each([2, 4, 100])("%i zeros are ignored with a warning", (count) => {
    const value = new Uint8Array([...pixels([0, 1, 2, 100, 1000, 4095]), ...new Uint8Array(count)]);
    const { image } = read({ [tags.data]: { vr: "OW", value } });
    expect([...image.data]).toEqual([0, 1, 2, 100, 1000, 4095]);
    expect(image.warnings).toMatchObject([{ code: "padding" }]);
    expect(image.warnings?.[0].text).toContain(`${count} zero bytes`);
  });

  test("one byte that makes the length even is no warning; more that is not zero is a refusal", () => {
    const eight = { [tags.allocated]: us(8), [tags.stored]: us(8), [tags.high]: us(7), [tags.rows]: us(1) };
    const odd = { ...eight, [tags.data]: { vr: "OW", value: Uint8Array.of(1, 2, 3, 9) } };
    expect(read(odd).image.warnings).toBeUndefined();
    expect(message({ [tags.data]: ow([0, 1, 2, 100, 1000, 4095, 5]) })).toContain("has 14 bytes");
  });
});

describe("what is no slice", () => {
  test("Siemens mosaics, by their type or by the count of their tiles", () => {
    const named = { [tags.imageType]: { vr: "CS", value: "ORIGINAL\\PRIMARY\\M\\ND\\MOSAIC" } };
    const counted = { [tags.siemens]: { vr: "LO", value: "SIEMENS MR HEADER" }, [tags.tiles]: us(25) };
    for (const changes of [named, counted]) expect(message(changes)).toContain("Siemens mosaic");
    expect(read({ ...counted, [tags.tiles]: us(1) }).plane.rows).toBe(2);
    expect(read({ ...counted, [tags.siemens]: { vr: "LO", value: "ANOTHER" } }).plane.rows).toBe(2);
  });

  const bare = (sopClass: string, more: Changes = {}) =>
    file(changed({ [tags.sopClass]: ui(sopClass), [tags.data]: undefined, [tags.rows]: undefined, ...more }));

  test.each([
    ["1.2.840.10008.5.1.4.1.1.11.1", "a presentation state"],
    ["1.2.840.10008.5.1.4.1.1.88.33", "a structured report"],
    ["1.2.840.10008.5.1.4.1.1.104.1", "an encapsulated document"],
    ["1.2.840.10008.5.1.4.1.1.66.4", "raw data, a registration or a segmentation"],
    ["1.3.12.2.1107.5.9.1", "Siemens data without an image"],
    ["1.2.3.4.5", "no image"],
  ])("%s is %s", (sopClass, words) => {
    expect(foreignDicom(bare(sopClass))).toBe(words);
    expect(refusal(() => readDicom(bare(sopClass))).message).toBe(
      `dicom: this is ${words}, not an image of a slice; leave the file out`,
    );
  });

  test("a DICOMDIR under another name, known by its meta information", () => {
    const meta = encode([
      { tag: 0x00020002, vr: "UI", value: "1.2.840.10008.1.3.10" },
      { tag: 0x00020010, vr: "UI", value: explicit },
      { tag: 0x00041130, vr: "CS", value: "DISC" },
    ]);
    expect(foreignDicom(new Uint8Array([...new Uint8Array(128), ...bytes("DICM"), ...meta]))).toBe("a DICOMDIR");
  });

  test("a screen's picture is foreign, a slice stored as one is not", () => {
    const secondary = { [tags.sopClass]: ui("1.2.840.10008.5.1.4.1.1.7") };
    expect(foreignDicom(file(changed({ ...secondary, [tags.position]: undefined })))).toContain("secondary capture");
    expect(foreignDicom(file(changed(secondary)))).toBeUndefined();
    expect(read(secondary).plane.rows).toBe(2);
  });

  test("a damaged image is not taken for something else", () => {
    expect(foreignDicom(file())).toBeUndefined();
    expect(foreignDicom(file(changed({ [tags.data]: undefined })))).toBeUndefined();
    const whole = file();
    for (let length = 0; length < whole.length; length += 7)
      expect(foreignDicom(whole.subarray(0, length))).toBeUndefined();
    expect(foreignDicom(part10(new Uint8Array(0), implicit))).toBeUndefined();
  });
});
