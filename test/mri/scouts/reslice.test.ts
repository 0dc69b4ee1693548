import { describe, expect, it } from "vitest";
import { GeometryError } from "../../../src/errors.ts";
import {
  mat3,
  normal,
  type Plane,
  patientFromPixel,
  rotationFromVector,
  type Vec3,
} from "../../../src/geometry/index.ts";
import { areaSamples, reslice, thicknessSamples } from "../../../src/mri/scouts/index.ts";
import { volumeOf } from "./phantom.ts";

const linear = (x: number, y: number, z: number) => 3 + 0.5 * x - 0.25 * y + 2 * z;
const turn = rotationFromVector([20, -35, 50]);
const oblique: Plane = {
  position: [-9, 3, 1],
  columnDirection: mat3.apply(turn, [1, 0, 0]),
  rowDirection: mat3.apply(turn, [0, 1, 0]),
  spacing: [0.7, 1.3],
  rows: 11,
  columns: 13,
  thickness: 5,
};

describe("reslice", () => {
  it("reproduces a linear field exactly in an oblique plane with anisotropic pixels, whatever the thickness", () => {
    const volume = volumeOf([41, 37, 43], 1.5, linear, Float64Array);
    for (const thickness of [0.5, 5]) {
      const plane = { ...oblique, thickness };
      const image = reslice(volume, plane);
      expect([image.width, image.height]).toEqual([13, 11]);
      for (const [c, r] of [
        [0, 0],
        [12, 0],
        [5, 10],
        [12, 10],
      ] as const)
        expect(image.data[r * 13 + c]).toBeCloseTo(linear(...(patientFromPixel(plane, [c, r]) as Vec3)), 4);
    }
  });

  it("integrates the slice with equal weights in the middles of its parts", () => {
    expect(thicknessSamples(5).map((s) => s.through)).toEqual([-2, -1, 0, 1, 2].map((v) => expect.closeTo(v, 12)));
    expect(thicknessSamples(5).map((s) => s.weight)).toEqual([0.2, 0.2, 0.2, 0.2, 0.2]);
    // z^2 over five samples: its mean is 2, not 0 as in a thin slice. Nodes at integers, so interpolation is exact.
    const volume = volumeOf([21, 21, 21], 1, (_x, _y, z) => z * z, Float64Array);
    const axial: Plane = {
      position: [0, 0, 0],
      columnDirection: [1, 0, 0],
      rowDirection: [0, 1, 0],
      spacing: [1, 1],
      rows: 2,
      columns: 2,
      thickness: 5,
    };
    expect(reslice(volume, axial).data[0]).toBeCloseTo(2, 6);
    expect(reslice(volume, axial, { samples: thicknessSamples(5, 1) }).data[0]).toBeCloseTo(0, 6);
  });

  it("area samples are balanced: no first moment, and none between depth and pixel", () => {
    const samples = areaSamples(5);
    const sum = (f: (s: (typeof samples)[number]) => number) => samples.reduce((t, s) => t + s.weight * f(s), 0);
    expect(sum(() => 1)).toBeCloseTo(1, 12);
    for (const f of ["column", "row", "through"] as const) expect(sum((s) => s[f])).toBeCloseTo(0, 12);
    expect(sum((s) => s.column * s.through)).toBeCloseTo(0, 12);
    expect(sum((s) => s.row * s.through)).toBeCloseTo(0, 12);
    expect(sum((s) => s.column * s.row)).toBeCloseTo(0, 12);
  });

  it("gives the outside value beyond half a voxel and the edge's value up to there", () => {
    const volume = volumeOf([4, 4, 1], 2, () => 7, Uint8Array);
    const plane: Plane = {
      position: [-6, 0, 0],
      columnDirection: [1, 0, 0],
      rowDirection: [0, 1, 0],
      spacing: [1, 1],
      rows: 1,
      columns: 13,
      thickness: 1,
    };
    const row = [...reslice(volume, plane, { outside: -1 }).data];
    expect(row).toEqual([-1, -1, 7, 7, 7, 7, 7, 7, 7, 7, 7, -1, -1]);
  });

  it("is the same for the same place stored with its axes swapped and flipped", () => {
    const volume = volumeOf([12, 14, 16], 2, (x, y, z) => Math.sin(x) + y * z);
    const [nx, ny, nz] = volume.size;
    const data = new Float32Array(volume.data.length);
    for (let z = 0; z < nz; z++)
      for (let y = 0; y < ny; y++)
        for (let x = 0; x < nx; x++) data[z + nz * (nx - 1 - x + nx * y)] = volume.data[x + nx * (y + ny * z)];
    const o = volume.affine.offset;
    const other = {
      size: [nz, nx, ny] as const,
      data,
      affine: { linear: [0, -2, 0, 0, 0, 2, 2, 0, 0] as const, offset: [o[0] + 2 * (nx - 1), o[1], o[2]] as const },
    };
    const a = reslice(volume, oblique).data;
    const b = reslice(other, oblique).data;
    a.forEach((v, i) => {
      expect(b[i]).toBeCloseTo(v, 4);
    });
  });

  it("refuses a broken plane and a volume whose size lies", () => {
    const volume = volumeOf([3, 3, 3], 1, () => 0);
    expect(() =>
      reslice(volume, { ...oblique, columnDirection: normal(oblique), rowDirection: normal(oblique) }),
    ).toThrow(GeometryError);
    expect(() => reslice({ ...volume, size: [3, 3, 4] }, oblique)).toThrow(/size is 3x3x4 but it has 27 values/);
  });
});
