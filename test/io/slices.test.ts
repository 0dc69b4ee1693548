import { describe, expect, test } from "vitest";
import { mapPoint, patientFromPixel, planeClass } from "../../src/geometry/index.ts";
import { middleSliceOfVolume, sliceOfVolume, type Volume } from "../../src/io/index.ts";

/** Voxels of 2 x 3 x 5 mm along left, posterior, superior; each value says where it lies. */
const volume = (size: readonly [number, number, number]): Volume => ({
  size,
  data: Int16Array.from({ length: size[0] * size[1] * size[2] }, (_, i) => i),
  affine: { linear: [2, 0, 0, 0, 3, 0, 0, 0, 5], offset: [10, 20, 30] },
});

const value = (v: Volume, [i, j, k]: readonly number[]) => v.data[i + v.size[0] * (j + v.size[1] * k)];

describe("a slice across any axis", () => {
  test.each([0, 1, 2] as const)("axis %i: every pixel has the voxel's value and place", (axis) => {
    const v = volume([3, 4, 5]);
    const slice = sliceOfVolume(v, 1, { axis });
    const [columns, rows] = [0, 1, 2].filter((a) => a !== axis);
    expect([slice.width, slice.height]).toEqual([v.size[columns], v.size[rows]]);
    for (let r = 0; r < slice.height; r++)
      for (let c = 0; c < slice.width; c++) {
        const at: [number, number, number] = [0, 0, 0];
        at[axis] = 1;
        at[columns] = c;
        at[rows] = r;
        expect(slice.data[r * slice.width + c]).toBe(value(v, at));
        expect(patientFromPixel(slice.plane!, [c, r])).toEqual(mapPoint(v.affine, at));
      }
    expect(slice.plane?.thickness).toBe([2, 3, 5][axis]);
    expect(() => sliceOfVolume(v, v.size[axis], { axis })).toThrow(`slices 0 to ${v.size[axis] - 1}`);
  });
});

test.each([
  [[1, 64, 64], "sagittal"],
  [[64, 1, 64], "coronal"],
  [[64, 64, 1], "axial"],
  [[5, 64, 64], "sagittal"],
  [[64, 20, 64], "coronal"],
  [[60, 72, 60], "axial"], // a volume: no axis is a stack's
  [[1, 1, 64], "axial"],
] as const)("the middle slice of %j is %s", (size, plane) => {
  expect(planeClass(middleSliceOfVolume(volume(size)).plane!)).toBe(plane);
});

test("the middle of a stack across the first axis", () => {
  const v = volume([5, 16, 16]);
  expect(middleSliceOfVolume(v).data[0]).toBe(value(v, [2, 0, 0]));
});
