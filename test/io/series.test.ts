import { describe, expect, test } from "vitest";
import { DataError } from "../../src/errors.ts";
import {
  add,
  mapPoint,
  mat3,
  type Plane,
  patientFromPixel,
  rotationFromVector,
  scale,
  type Vec3,
} from "../../src/geometry/index.ts";
import {
  type DicomSlice,
  type Image,
  middleSlice,
  middleSliceOfVolume,
  seriesFromSlices,
  sliceOfVolume,
  volumeFromSeries,
} from "../../src/io/index.ts";
import { Random } from "../../src/random.ts";

const turned = rotationFromVector([25, -10, 40]);
const n = mat3.column(turned, 2);

const slice = (
  k: number,
  change: { plane?: Partial<Plane>; slice?: Partial<DicomSlice>; data?: Image["data"] } = {},
): DicomSlice => {
  const plane: Plane = {
    position: add([10, -20, 30], scale(n, 3 * k)),
    columnDirection: mat3.column(turned, 0),
    rowDirection: mat3.column(turned, 1),
    spacing: [2, 1.5],
    rows: 3,
    columns: 4,
    thickness: 2.5,
    ...change.plane,
  };
  const data = change.data ?? Uint16Array.from({ length: 12 }, (_, i) => 100 * k + i);
  return {
    image: { width: plane.columns, height: plane.rows, channels: 1, data, plane, frameOfReference: "1.2" },
    plane,
    frameOfReference: "1.2",
    studyUid: "1",
    seriesUid: "1.5",
    seriesNumber: 4,
    instanceUid: `1.6.${k}`,
    instanceNumber: 90 - k,
    sopClass: "1.7",
    modality: "MR",
    spacingBetweenSlices: undefined,
    file: `slice${k}.dcm`,
    ...change.slice,
  };
};

const stack = (count: number) => Array.from({ length: count }, (_, k) => slice(k));
const fails = (slices: DicomSlice[], message: RegExp) => {
  expect(() => seriesFromSlices(slices)).toThrow(DataError);
  expect(() => seriesFromSlices(slices)).toThrow(message);
};

describe("series", () => {
  test("sorted along the normal, whatever order the files come in", () => {
    const [series] = seriesFromSlices(new Random(3).shuffle(stack(7)));
    expect(series.slices.map((s) => s.file)).toEqual(stack(7).map((s) => s.file));
    [...series.step].forEach((v, i) => {
      expect(v).toBeCloseTo(3 * n[i], 12);
    });
    expect(series).toMatchObject({ seriesUid: "1.5", seriesNumber: 4, modality: "MR", frameOfReference: "1.2" });
  });

  test("several series stay apart, in order of appearance", () => {
    const other = stack(2).map((s) => ({ ...s, seriesUid: "1.9" }));
    expect(seriesFromSlices([...other, ...stack(3)]).map((s) => [s.seriesUid, s.slices.length])).toEqual([
      ["1.9", 2],
      ["1.5", 3],
    ]);
  });

  test.each([
    [1, 0],
    [2, 0],
    [3, 1],
    [4, 1],
    [5, 2],
  ])("the middle of %i slices is number %i", (count, k) => {
    expect(middleSlice(seriesFromSlices(stack(count))[0]).file).toBe(`slice${k}.dcm`);
  });

  test("three planes in one series: refused, or parted on demand", () => {
    const across = { columnDirection: mat3.column(turned, 1), rowDirection: n };
    const mixed = [
      ...stack(3),
      slice(8, { plane: across }),
      slice(9, { plane: { ...across, position: add([10, -20, 30], scale(mat3.column(turned, 0), 4)) } }),
    ];
    fails(mixed, /slice8\.dcm is oriented otherwise than slice0\.dcm/);
    expect(seriesFromSlices(mixed, { byOrientation: true }).map((s) => s.slices.length)).toEqual([3, 2]);
  });

  test("what does not belong together is refused by name", () => {
    fails(
      [slice(0), slice(1), slice(3), slice(4)],
      /gap between slice1\.dcm and slice3\.dcm is 6\.000 mm, elsewhere 3\.000 mm; a slice is missing/,
    );
    fails([slice(0), slice(1), slice(1, { slice: { file: "copy.dcm" } })], /same position/);
    fails([slice(0), slice(1, { plane: { rows: 5 }, data: new Uint16Array(20) })], /4x5 pixels, slice0\.dcm 4x3/);
    fails([slice(0), slice(1, { plane: { spacing: [2, 1.6] } })], /pixels of 2 x 1\.6 mm/);
    fails([slice(0), slice(1, { slice: { frameOfReference: "9.9" } })], /FrameOfReferenceUID/);
    const aside = add(slice(1).plane.position as Vec3, scale(mat3.column(turned, 0), 2));
    fails([slice(0), slice(1, { plane: { position: aside } }), slice(2)], /slice1\.dcm lies 2\.000 mm beside/);
  });
});

describe("volumes", () => {
  test("every voxel lies where its slice's plane puts it", () => {
    const [series] = seriesFromSlices(stack(5).reverse());
    const volume = volumeFromSeries(series);
    expect(volume.size).toEqual([4, 3, 5]);
    expect(volume.data).toBeInstanceOf(Uint16Array);
    expect(volume.frameOfReference).toBe("1.2");
    expect(mat3.determinant(volume.affine.linear)).toBeGreaterThan(0);
    for (let k = 0; k < 5; k++)
      for (let j = 0; j < 3; j++)
        for (let i = 0; i < 4; i++) {
          expect(volume.data[i + 4 * (j + 3 * k)]).toBe(100 * k + 4 * j + i);
          const want = patientFromPixel(slice(k).plane, [i, j]);
          mapPoint(volume.affine, [i, j, k]).forEach((v, a) => {
            expect(v).toBeCloseTo(want[a], 10);
          });
        }
  });

  test("a tilted stack keeps its tilt", () => {
    const step = add(scale(n, 3), scale(mat3.column(turned, 1), 0.7));
    const tilted = [0, 1, 2].map((k) => slice(k, { plane: { position: add([10, -20, 30], scale(step, k)) } }));
    const { affine } = volumeFromSeries(seriesFromSlices(tilted)[0]);
    mat3.column(affine.linear, 2).forEach((v, i) => {
      expect(v).toBeCloseTo(step[i], 12);
    });
  });

  test("mixed pixel types become Float32, one slice is as thick as it says", () => {
    const mixed = [slice(0), slice(1, { data: new Float32Array(12).fill(-0.5) })];
    expect(volumeFromSeries(seriesFromSlices(mixed)[0]).data).toEqual(
      Float32Array.from([...slice(0).image.data, ...Array<number>(12).fill(-0.5)]),
    );
    const single = volumeFromSeries(seriesFromSlices([slice(0)])[0]);
    expect(Math.hypot(...mat3.column(single.affine.linear, 2))).toBeCloseTo(2.5, 12);
  });

  test("sliceOfVolume gives back each slice and its plane", () => {
    const volume = volumeFromSeries(seriesFromSlices(stack(4))[0]);
    for (let k = 0; k < 4; k++) {
      const cut = sliceOfVolume(volume, k);
      expect(cut.data).toEqual(slice(k).image.data);
      expect(cut.plane).toMatchObject({ rows: 3, columns: 4 });
      const [got, want] = [cut.plane!, slice(k).plane];
      [...got.position, ...got.columnDirection, ...got.rowDirection, ...got.spacing, got.thickness].forEach((v, i) => {
        expect(v).toBeCloseTo(
          [...want.position, ...want.columnDirection, ...want.rowDirection, ...want.spacing, 3][i],
          10,
        );
      });
    }
    expect(middleSliceOfVolume(volume).data).toEqual(slice(1).image.data);
    expect(() => sliceOfVolume(volume, 4)).toThrow(/slices 0 to 3/);
  });
});
