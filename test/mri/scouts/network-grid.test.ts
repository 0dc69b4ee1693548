import { describe, expect, it } from "vitest";
import { GeometryError, ShapeError } from "../../../src/errors.ts";
import {
  add,
  distance,
  mat3,
  type Plane,
  type Point2,
  patientFromPixel,
  rotationFromVector,
  scale,
  type Vec3,
} from "../../../src/geometry/index.ts";
import type { Image } from "../../../src/io/image.ts";
import {
  areaSamples,
  networkGrid,
  networkInput,
  normalizeGray,
  reslice,
  scoutPlanes,
  toNetworkGrid,
} from "../../../src/mri/scouts/index.ts";
import { phantomHead, volumeOf } from "./phantom.ts";

const { volume } = phantomHead();
const planes = scoutPlanes();

/** The same pixels stored from another corner, with the header to match. */
const flipColumns = (image: Image & { plane: Plane }): Image => {
  const { plane, width, height } = image;
  const data = Float32Array.from(image.data, (_, i) => image.data[i - (i % width) + width - 1 - (i % width)]);
  const end = patientFromPixel(plane, [width - 1, 0]);
  return {
    width,
    height,
    channels: 1,
    data,
    plane: { ...plane, position: end, columnDirection: scale(plane.columnDirection, -1) },
  };
};
const transpose = (image: Image & { plane: Plane }): Image => {
  const { plane, width, height } = image;
  const data = Float32Array.from(image.data, (_, i) => image.data[(i % height) * width + Math.floor(i / height)]);
  const swapped = {
    ...plane,
    columnDirection: plane.rowDirection,
    rowDirection: plane.columnDirection,
    rows: plane.columns,
    columns: plane.rows,
  };
  return {
    width: height,
    height: width,
    channels: 1,
    data,
    plane: { ...swapped, spacing: [plane.spacing[1], plane.spacing[0]] },
  };
};
const largest = (a: Float32Array, b: Float32Array) => a.reduce((m, v, i) => Math.max(m, Math.abs(v - b[i])), 0);
const smooth = volumeOf(
  [64, 64, 64],
  4,
  (x, y, z) => 100 * Math.exp(-((x - 10) ** 2 + (y + 15) ** 2 + 2 * z * z) / 4000),
);
const imageOf = (plane: Plane, from = smooth): Image & { plane: Plane } => ({ ...reslice(from, plane), plane });

describe("toNetworkGrid", () => {
  it("averages 2 x 2 pixels of a 1 mm scout onto the network's own plane", () => {
    const scout = imageOf(planes.coronal, volume);
    const grid = toNetworkGrid(scout);
    expect(grid.planeClass).toBe("coronal");
    expect(grid.plane.position).toEqual(scoutPlanes(networkGrid).coronal.position.map((v) => expect.closeTo(v, 9)));
    const at = (c: number, r: number) => scout.data[r * 256 + c];
    expect(grid.data[40 * 128 + 61]).toBeCloseTo((at(122, 80) + at(123, 80) + at(122, 81) + at(123, 81)) / 4, 4);
  });

  it("gives nearly what training reslices directly at 2 mm", () => {
    for (const p of ["sagittal", "coronal", "axial"] as const) {
      const { data } = toNetworkGrid(imageOf(planes[p], volume));
      const direct = reslice(volume, scoutPlanes(networkGrid)[p], { samples: areaSamples(5) }).data;
      const error = Math.sqrt(data.reduce((s, v, i) => s + (v - direct[i]) ** 2, 0) / data.length);
      expect(error, p).toBeLessThan(1.5);
      const sharp = reslice(volume, scoutPlanes(networkGrid)[p]).data;
      expect(error).toBeLessThan(Math.sqrt(data.reduce((s, v, i) => s + (v - sharp[i]) ** 2, 0) / data.length));
    }
  });

  it("sees the same picture in a flipped, transposed or resampled scout with the header to match", () => {
    for (const p of ["sagittal", "coronal", "axial"] as const) {
      const scout = imageOf(planes[p]);
      const { data } = toNetworkGrid(scout);
      const flipped = flipColumns(scout) as Image & { plane: Plane };
      expect(largest(toNetworkGrid(flipped).data, data)).toBeLessThan(1e-4);
      expect(largest(toNetworkGrid(transpose(scout)).data, data)).toBeLessThan(1e-4);
      expect(largest(toNetworkGrid(transpose(flipped)).data, data)).toBeLessThan(1e-4);
      const fine: Plane = {
        ...planes[p],
        position: add(
          planes[p].position as Vec3,
          add(scale(planes[p].columnDirection, -0.25), scale(planes[p].rowDirection, -0.3)),
        ),
        spacing: [0.4, 0.5],
        rows: 640,
        columns: 512,
      };
      expect(largest(toNetworkGrid(imageOf(fine)).data, data)).toBeLessThan(0.3);
    }
  });

  it("turns an oblique scout about its normal until it is upright, and keeps it in its own plane", () => {
    const turn = rotationFromVector([0, 0, 20]);
    const plane: Plane = {
      ...planes.axial,
      columnDirection: mat3.apply(turn, [1, 0, 0]),
      rowDirection: mat3.apply(turn, [0, 1, 0]),
      position: mat3.apply(turn, planes.axial.position as Vec3),
    };
    const upright = toNetworkGrid(imageOf(plane));
    expect(upright.plane.columnDirection).toEqual([1, 0, 0].map((v) => expect.closeTo(v, 9)));
    const middle = (d: Float32Array) =>
      Array.from({ length: 60 * 60 }, (_, i) => d[(34 + Math.floor(i / 60)) * 128 + 34 + (i % 60)]);
    const straight = middle(toNetworkGrid(imageOf(planes.axial)).data);
    middle(upright.data).forEach((v, i) => {
      expect(Math.abs(v - straight[i])).toBeLessThan(0.3);
    });
  });

  it("has an exact way back: network pixel -> source pixel -> the same place in the patient", () => {
    const odd: Plane = {
      position: [-70, 5, 80],
      columnDirection: [1, 0, 0],
      rowDirection: [0, 0, -1],
      spacing: [0.9, 1.7],
      rows: 190,
      columns: 101,
      thickness: 4,
    };
    const image = flipColumns(imageOf(odd)) as Image & { plane: Plane };
    const grid = toNetworkGrid(image);
    for (const pixel of [
      [0, 0],
      [63.5, 63.5],
      [12.25, 100.75],
    ] as Point2<"pixel">[]) {
      const source = grid.toSource(pixel);
      grid.fromSource(source).forEach((v, k) => {
        expect(v).toBeCloseTo(pixel[k], 9);
      });
      expect(
        distance(patientFromPixel(image.plane, source) as Vec3, patientFromPixel(grid.plane, pixel) as Vec3),
      ).toBeLessThan(1e-9);
    }
    expect(grid.toSource([63.5, 63.5])).toEqual([50, 94.5].map((v) => expect.closeTo(v, 9)));
  });

  it("refuses images without geometry, in color, or whose plane is of another size", () => {
    const scout = imageOf(planes.axial);
    expect(() => toNetworkGrid({ ...scout, plane: undefined })).toThrow(GeometryError);
    expect(() => toNetworkGrid({ ...scout, channels: 3 })).toThrow(ShapeError);
    expect(() => toNetworkGrid({ ...scout, plane: { ...planes.axial, rows: 255 } })).toThrow(
      /256 x 255 pixels, the image 256 x 256/,
    );
  });
});

describe("normalizeGray", () => {
  it("does not depend on the scanner's gain and offset, nor on one glaring pixel", () => {
    const raw = toNetworkGrid(imageOf(planes.sagittal, volume)).data;
    const plain = Float32Array.from(raw);
    const other = Float32Array.from(raw, (v) => 7 * v + 300);
    other[64 * 128 + 64] = 1e6;
    normalizeGray(plain);
    normalizeGray(other);
    expect(other[64 * 128 + 64]).toBe(3);
    other[64 * 128 + 64] = plain[64 * 128 + 64];
    expect(largest(other, plain)).toBeLessThan(1e-4);
    expect(networkInput(imageOf(planes.sagittal, volume)).data).toEqual(plain);
  });

  it("turns an image without contrast into zeros, not NaN", () => {
    const flat = new Float32Array(64).fill(5);
    normalizeGray(flat);
    expect(flat).toEqual(new Float32Array(64));
  });
});
