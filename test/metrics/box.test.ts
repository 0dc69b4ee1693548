import { describe, expect, it } from "vitest";
import { GeometryError } from "../../src/errors.ts";
import { add, mat3, type OrientedBox, rotationFromVector, scale, type Vec3 } from "../../src/geometry/index.ts";
import { boxAgreement, boxErrors, overlapVolume } from "../../src/metrics/index.ts";
import { Random } from "../../src/random.ts";

const rowsOf = (turn: ReturnType<typeof rotationFromVector>): OrientedBox["axes"] => [
  mat3.column(turn, 0),
  mat3.column(turn, 1),
  mat3.column(turn, 2),
];
const reference: OrientedBox = {
  center: [3, -8, 12],
  axes: rowsOf(rotationFromVector([7, -4, 9])),
  size: [130, 170, 140],
};
const patient: OrientedBox["axes"] = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

/** Points that fill a box up to its faces, corners among them. */
const fill = (box: OrientedBox, n = 9): Float64Array => {
  const out: number[] = [];
  const at = (i: number, k: number) => scale(box.axes[k], (i / (n - 1) - 0.5) * box.size[k]);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++)
      for (let k = 0; k < n; k++) out.push(...add(box.center as Vec3, add(at(i, 0), add(at(j, 1), at(k, 2)))));
  return Float64Array.from(out);
};
const brain = fill(reference);

describe("boxAgreement", () => {
  const other: OrientedBox = {
    center: [5, -6, 13],
    axes: rowsOf(rotationFromVector([9, 3, -2])),
    size: [126, 171, 144],
  };
  it("is what boxErrors tells of the same boxes", () => {
    const { centerMm, rotvecErrorDeg, totalDeg, sizeErrorMm, iou } = boxErrors(other, reference, brain);
    expect(boxAgreement(other, reference)).toEqual({
      centerMm,
      rotvecDeg: rotvecErrorDeg,
      totalDeg,
      sizeMm: sizeErrorMm,
      iou,
    });
    expect(centerMm).toBeCloseTo(3, 9);
    expect(sizeErrorMm).toEqual([-4, 1, 4]);
  });
  it("is the same from the other side, with signs changed", () => {
    const there = boxAgreement(other, reference);
    const back = boxAgreement(reference, other);
    expect(back.totalDeg).toBeCloseTo(there.totalDeg, 9);
    expect(back.iou).toBeCloseTo(there.iou, 9);
    expect(back.sizeMm).toEqual([4, -1, -4]);
  });
  it("refuses a box of no size by its name", () => {
    expect(() => boxAgreement(reference, { ...reference, size: [1, 0, 1] })).toThrow(
      /boxAgreement: the second box: size/,
    );
  });
});

describe("boxErrors", () => {
  it("of the reference itself are none", () => {
    const e = boxErrors(reference, reference, brain);
    expect(e.centerMm).toBe(0);
    expect(e.totalDeg).toBeLessThan(1e-6);
    expect(e.sizeErrorMm).toEqual([0, 0, 0]);
    expect(e.protrusionMm).toBeLessThan(1e-9);
    expect(e.coverage).toBe(1);
    expect(e.iou).toBeCloseTo(1, 9);
    expect(e.volumeRatio).toBeCloseTo((140 * 180 * 150) / (130 * 170 * 140), 12);
  });

  it("of a shift along one axis are the shift, and the overlap that is left", () => {
    const moved = { ...reference, center: add(reference.center as Vec3, scale(reference.axes[1], 10)) };
    const e = boxErrors(moved, reference, brain);
    expect(e.centerMm).toBeCloseTo(10, 9);
    expect(e.protrusionMm).toBeCloseTo(10, 9);
    expect(e.iou).toBeCloseTo(160 / 180, 9);
    // Margins of 5 mm: the last of nine layers, 170/8 = 21 mm apart, is out.
    expect(e.coverage).toBeCloseTo(8 / 9, 9);
  });

  it("of a rotation are its vector in the reference's own axes", () => {
    for (const [k, v] of (
      [
        [6, 0, 0],
        [0, -3, 0],
        [0, 0, 11],
        [2, 3, -4],
      ] as Vec3[]
    ).entries()) {
      // Turn about the reference's own axes: R_est = R_ref exp(v).
      const own = mat3.multiply(mat3.transpose(mat3.fromRows(...reference.axes)), rotationFromVector(v));
      const e = boxErrors({ ...reference, axes: rowsOf(own) }, reference, brain);
      e.rotvecErrorDeg.forEach((c, i) => {
        expect(c, `${k}`).toBeCloseTo(v[i], 6);
      });
      expect(e.totalDeg).toBeCloseTo(Math.hypot(...v), 6);
      expect(e.centerMm).toBe(0);
      expect(e.protrusionMm).toBeGreaterThan(1);
    }
  });

  it("judges protrusion by the true size at the found place, not by the found size", () => {
    const huge = {
      ...reference,
      size: [200, 250, 220] as Vec3,
      center: add(reference.center as Vec3, scale(reference.axes[2], -4)),
    };
    const e = boxErrors(huge, reference, brain);
    expect(e.protrusionMm).toBeCloseTo(4, 9);
    expect(e.coverage).toBe(1);
    expect(e.sizeErrorMm).toEqual([70, 80, 80]);
    expect(e.iou).toBeCloseTo((130 * 170 * 140) / (200 * 250 * 220), 9);
  });

  it("counts the part of a brain that a small box leaves out", () => {
    const half = { ...reference, size: [130, 170, 70] as Vec3 };
    // 5 of 9 layers lie within 35 + 5 mm of the middle.
    expect(boxErrors(half, reference, brain).coverage).toBeCloseTo(5 / 9, 9);
  });

  it("refuses boxes without size or place, and an empty brain", () => {
    expect(() => boxErrors({ ...reference, size: [1, 0, 1] }, reference, brain)).toThrow(GeometryError);
    expect(() => boxErrors({ ...reference, center: [Number.NaN, 0, 0] }, reference, brain)).toThrow(
      /found: center or axes/,
    );
    expect(() => boxErrors(reference, reference, new Float64Array())).toThrow(/no brain voxels/);
  });
});

describe("overlapVolume", () => {
  const cube = (center: Vec3, turn: Vec3 = [0, 0, 0], size: Vec3 = [2, 2, 2]): OrientedBox => ({
    center,
    axes: rowsOf(rotationFromVector(turn)),
    size,
  });

  it.each<[string, OrientedBox, OrientedBox, number]>([
    ["the same", cube([0, 0, 0]), cube([0, 0, 0]), 8],
    ["one in the other", cube([0.2, 0, 0.1], [10, 20, 30], [0.8, 0.8, 0.8]), cube([0, 0, 0]), 0.512],
    ["shifted", cube([0.5, 1, 0]), cube([0, 0, 0]), 1.5 * 1 * 2],
    ["touching at a face", cube([2, 0, 0]), cube([0, 0, 0]), 0],
    ["apart", cube([5, 0, 0], [0, 0, 45]), cube([0, 0, 0]), 0],
    // A square and the same turned by 45 degrees share a regular octagon: 8 (sqrt 2 - 1) for half side 1.
    ["turned by 45 degrees", cube([0, 0, 0], [0, 0, 45]), cube([0, 0, 0]), 2 * 8 * (Math.SQRT2 - 1)],
    ["turned by 90 degrees", cube([0, 0, 0], [0, 90, 0], [2, 2, 4]), cube([0, 0, 0]), 8],
  ])("%s", (_name, a, b, volume) => {
    expect(overlapVolume(a, b)).toBeCloseTo(volume, 9);
    expect(overlapVolume(b, a)).toBeCloseTo(volume, 9);
  });

  it("agrees with counting points for boxes at random", () => {
    const random = new Random(8);
    const within = (p: Vec3, box: OrientedBox) =>
      box.axes.every(
        (axis, k) => Math.abs(axis.reduce((s, v, j) => s + v * (p[j] - box.center[j]), 0)) <= box.size[k] / 2,
      );
    const draw = (low: number, high: number): Vec3 => [
      random.uniform(low, high),
      random.uniform(low, high),
      random.uniform(low, high),
    ];
    for (let n = 0; n < 5; n++) {
      const a: OrientedBox = { center: [0, 0, 0], axes: patient, size: [2, 3, 4] };
      const b = cube(draw(-0.8, 0.8), draw(-60, 60), draw(1.5, 4));
      const count = 40_000;
      let hits = 0;
      for (let i = 0; i < count; i++)
        if (within([random.uniform(-1, 1), random.uniform(-1.5, 1.5), random.uniform(-2, 2)], b)) hits++;
      const share = hits / count;
      expect(Math.abs(overlapVolume(a, b) - share * 24)).toBeLessThan(
        4 * 24 * Math.sqrt((share * (1 - share)) / count),
      );
    }
  });
});
