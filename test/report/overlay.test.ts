import { describe, expect, test } from "vitest";
import { DataError } from "../../src/errors.ts";
import type { Plane } from "../../src/geometry/index.ts";
import type { Image } from "../../src/io/index.ts";
import { directionLetters, overlay, palette, sideBySide } from "../../src/report/index.ts";

const plane = (spacing: readonly [number, number], size: number): Plane => ({
  position: [0, 0, 0],
  columnDirection: [0, 1, 0],
  rowDirection: [0, 0, -1],
  spacing,
  rows: size,
  columns: size,
  thickness: 5,
});
const gray = (size: number, value: (c: number, r: number) => number, at?: Plane): Image => ({
  width: size,
  height: size,
  channels: 1,
  plane: at,
  data: Float32Array.from({ length: size * size }, (_, i) => value(i % size, Math.floor(i / size))),
});
const pixel = ({ width, data }: Image, x: number, y: number): number[] => [
  ...data.subarray(3 * (y * width + x), 3 * (y * width + x) + 3),
];
/** How many values of an image pass. */
const count = ({ data }: Image, pass: (value: number) => boolean): number => Array.from(data).filter(pass).length;
const near = (a: readonly number[], b: readonly number[]): boolean => a.every((v, i) => Math.abs(v - b[i]) < 30);

describe("overlay", () => {
  test("a pixel of the image lies where outlines and points put it", () => {
    const image = gray(64, (c, r) => (c === 20 && r === 10 ? 1 : 0));
    const bare = overlay(image, { scale: 3, range: [0, 1] });
    expect([bare.width, bare.height, bare.channels]).toEqual([192, 192, 3]);
    expect(pixel(bare, 61, 31)).toEqual([255, 255, 255]);
    expect(pixel(bare, 61 + 3, 31)).toEqual([0, 0, 0]);
    const drawn = overlay(image, {
      scale: 3,
      range: [0, 1],
      outlines: [
        {
          points: [
            [20, 10],
            [40, 10],
            [40, 30],
          ],
        },
      ],
      points: [{ pixel: [10, 50], color: palette.other }],
    });
    for (const [x, y] of [
      [61, 31],
      [91, 31],
      [121, 61],
      [91, 61],
    ])
      expect(near(pixel(drawn, x, y), palette.found), `${x}, ${y}`).toBe(true);
    expect(pixel(drawn, 75, 61)).toEqual([0, 0, 0]);
    expect(near(pixel(drawn, 31, 151), palette.other)).toBe(true);
  });

  test("an open line does not return, a dashed one has gaps, a doubtful point is paler", () => {
    const image = gray(64, () => 0);
    const open = overlay(image, {
      scale: 3,
      outlines: [
        {
          points: [
            [20, 10],
            [40, 10],
            [40, 30],
          ],
          closed: false,
        },
      ],
    });
    expect(pixel(open, 91, 61)).toEqual([0, 0, 0]);
    const dashed = overlay(image, {
      scale: 3,
      outlines: [
        {
          points: [
            [5, 10],
            [60, 10],
          ],
          closed: false,
          dashed: true,
        },
      ],
    });
    const along = Array.from({ length: 150 }, (_, i) => pixel(dashed, 20 + i, 31)[0]);
    expect(along.filter((v) => v > 200).length).toBeGreaterThan(60);
    expect(along.filter((v) => v < 60).length).toBeGreaterThan(15);
    const sum = (confidence: number): number =>
      Array.from(overlay(image, { scale: 3, points: [{ pixel: [30, 30], confidence }] }).data).reduce(
        (a, b) => a + b,
        0,
      );
    expect(sum(0)).toBeGreaterThan(0);
    expect(sum(1)).toBeGreaterThan(2 * sum(0));
  });

  test("shows true proportions, a bar of a round length, and letters only where the plane is known", () => {
    const lit = (image: Image): number => count(image, (v) => v > 200);
    expect(
      lit(
        overlay(
          gray(100, () => 0),
          { scale: 2 },
        ),
      ),
    ).toBe(0);
    const known = overlay(
      gray(100, () => 0, plane([2, 1], 100)),
      { scale: 2 },
    );
    expect([known.width, known.height]).toEqual([200, 400]);
    // 20 mm at 2 pixels a mm: the longest round length within a third of 200 pixels, two pixels above the margin.
    const bar = Array.from({ length: 90 }, (_, i) => 110 + i).filter((x) => pixel(known, x, 390)[0] > 200);
    expect([bar[0], bar.at(-1)]).toEqual([152, 192]);
    expect(lit(known)).toBeGreaterThan(300);
  });

  test("values that are no numbers, places outside and strange letters do no harm", () => {
    const image = gray(32, (c) => (c === 3 ? Number.NaN : c === 4 ? Number.POSITIVE_INFINITY : c));
    const strange = [
      [Number.NaN, 1],
      [1e12, -1e12],
      [-50, 500],
    ] as [number, number][];
    const out = overlay(image, {
      title: "é<>\u0000",
      outlines: [{ points: strange, name: "…", dashed: true }],
      points: strange.map((p) => ({ pixel: p, label: "ü" })),
    });
    expect(out.data.length).toBe(3 * out.width * out.height);
    expect(overlay(gray(8, () => 7)).data.every(Number.isFinite)).toBe(true);
  });

  test("labels of points in one place do not cover each other", () => {
    const at = (labels: string[]): number =>
      count(
        overlay(
          gray(128, () => 0),
          { scale: 3, points: labels.map((label) => ({ pixel: [64, 64], label })) },
        ),
        (v) => v > 120,
      );
    const one = at(["abc"]) - at([""]);
    expect(one).toBeGreaterThan(0);
    expect(at(["abc", "abc", "abc"]) - at(["", "", ""])).toBe(3 * one);
  });

  test("refuses color images and data that do not fit", () => {
    expect(() => overlay({ width: 1, height: 1, channels: 3, data: new Uint8Array(3) })).toThrow(DataError);
    expect(() => overlay({ width: 2, height: 2, channels: 1, data: new Uint8Array(3) })).toThrow(
      /3 values, but 2x2 needs 4/,
    );
  });
});

test.each<[readonly [number, number, number], string]>([
  [[1, 0, 0], "L"],
  [[-1, 0, 0], "R"],
  [[0, 1, 0], "P"],
  [[0, -1, 0], "A"],
  [[0, 0, 1], "S"],
  [[0, 0, -1], "I"],
  [[0.1, 0.99, 0], "P"],
  [[0.6, -0.8, 0], "AL"],
  [[0.8, 0, -0.6], "LI"],
  [[0.5, 0.6, 0.62], "SP"],
])("direction %j is %s", (direction, letters) => {
  expect(directionLetters(direction)).toBe(letters);
});

describe("pictures side by side", () => {
  const rgb = (width: number, height: number, value: number): Image => ({
    width,
    height,
    channels: 3,
    data: new Uint8Array(3 * width * height).fill(value),
  });
  test("keep their rows, with a dark gap between them", () => {
    const joined = sideBySide([rgb(2, 2, 7), rgb(1, 2, 9)], 1);
    expect([joined.width, joined.height, joined.channels]).toEqual([4, 2, 3]);
    const row = [7, 7, 7, 7, 7, 7, 0, 0, 0, 9, 9, 9];
    expect([...joined.data]).toEqual([...row, ...row]);
  });
  test("are refused where heights or channels differ, or there is none", () => {
    expect(() => sideBySide([rgb(2, 2, 7), rgb(1, 3, 9)])).toThrow(
      /picture 2 has 3 channels and 3 rows, 3 and 2 are due/,
    );
    expect(() => sideBySide([gray(2, () => 1)])).toThrow(/picture 1 has 1 channels/);
    expect(() => sideBySide([])).toThrow(DataError);
  });
});
