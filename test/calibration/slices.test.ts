import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  boxAngles,
  normalFromAngles,
  obliqueAngles,
  obliqueText,
  roundBox,
  slicePack,
} from "../../src/calibration/index.ts";
import {
  boxCorners,
  type OrientedBox,
  type Plane,
  patientFromPixel,
  planeClass,
  rotationFromAngles,
  rotationFromVector,
  type Vec3,
} from "../../src/geometry/index.ts";
import { column, type Mat3 } from "../../src/geometry/mat3.ts";
import { cross, distance, dot, normalize } from "../../src/geometry/vec3.ts";

const boxOf = (r: Mat3, center: Vec3, size: Vec3): OrientedBox => ({
  center: center,
  axes: [column(r, 0), column(r, 1), column(r, 2)],
  size: size,
});
const turned = boxOf(rotationFromAngles([12, -7, 20]), [5, -3, 8], [140, 180, 150]);
const plain = boxOf(rotationFromVector([0, 0, 0]), [0, 0, 0], [100, 80, 60]);
const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });

describe("slices", () => {
  for (const orientation of ["axial", "coronal", "sagittal"] as const)
    it(`fill the box: ${orientation}`, () => {
      const o = { orientation, thicknessMm: 4, gapMm: 1, voxelMm: 1.5 };
      const slices = slicePack(turned, o);
      const box = roundBox(turned, o);
      const planes: Plane[] = slices.map((s) => ({
        position: s.imagePositionPatient,
        columnDirection: s.imageOrientationPatient.slice(0, 3) as unknown as Vec3,
        rowDirection: s.imageOrientationPatient.slice(3) as unknown as Vec3,
        spacing: s.pixelSpacingMm,
        rows: s.rows,
        columns: s.columns,
        thickness: s.thicknessMm,
      }));
      expect(planeClass(planes[0])).toBe(orientation);
      const normal = cross(planes[0].columnDirection, planes[0].rowDirection);
      // The outer edges of the outermost pixels, half a thickness beyond the first and last slice, are the corners.
      const edges = [planes[0], planes[planes.length - 1]].flatMap((p, i) =>
        [-0.5, p.columns - 0.5].flatMap((c) =>
          [-0.5, p.rows - 0.5].map(
            (r) => patientFromPixel(p, [c, r]).map((v, k) => v + (i === 0 ? -2 : 2) * normal[k]) as unknown as Vec3,
          ),
        ),
      );
      for (const corner of boxCorners(box))
        expect(Math.min(...edges.map((e) => distance(e, corner)))).toBeLessThan(1e-9);
      const middle = planes
        .map((p) => patientFromPixel(p, [(p.columns - 1) / 2, (p.rows - 1) / 2]))
        .reduce((a, p) => a.map((v, k) => v + p[k] / planes.length) as unknown as Vec3, [0, 0, 0] as Vec3);
      expect(distance(middle, turned.center)).toBeLessThan(1e-9);
      expect(distance(planes[0].position, planes[1].position)).toBeCloseTo(5, 9);
      expect(dot(normal, planes[1].position) - dot(normal, planes[0].position)).toBeCloseTo(5, 9);
      box.size.forEach((s, k) => {
        expect(s).toBeGreaterThanOrEqual(turned.size[k] - 1e-5);
      });
    });

  it("needs no more slices than span the box, and adds none for rounding errors", () => {
    const o = { orientation: "axial", thicknessMm: 0.1, gapMm: 0, voxelMm: 0.1 } as const;
    expect(
      roundBox({ ...plain, size: [100 + 1e-9, 80, 0.30000000000000004] }, o).size.map((v) => Math.round(v * 1e6) / 1e6),
    ).toEqual([100, 80, 0.3]);
    // 60 mm at 4 mm and 1 mm gaps: 12 slices span 59, 13 span 64.
    expect(slicePack(plain, { orientation: "axial", thicknessMm: 4, gapMm: 1, voxelMm: 1 }).length).toBe(13);
    expect(
      slicePack({ ...plain, size: [100, 80, 59] }, { orientation: "axial", thicknessMm: 4, gapMm: 1, voxelMm: 1 })
        .length,
    ).toBe(12);
  });

  it("axial slices go up, with columns to the left and rows to the back", () => {
    const [first, second] = slicePack(plain, { orientation: "axial", thicknessMm: 5, gapMm: 0, voxelMm: 1 });
    expect(first.imageOrientationPatient).toEqual([1, 0, 0, 0, 1, 0]);
    expect(first.imagePositionPatient).toEqual([-49.5, -39.5, -27.5]);
    expect(second.imagePositionPatient).toEqual([-49.5, -39.5, -22.5]);
  });
});

describe("angles in words", () => {
  it("names planes and tilts", () => {
    expect(obliqueText([0, 0, 1])).toBe("T");
    expect(obliqueText([0, -1, 0])).toBe("C");
    const pitch = (deg: number): Vec3 => [0, Math.sin((deg * Math.PI) / 180), Math.cos((deg * Math.PI) / 180)];
    expect(obliqueText(pitch(12.3))).toBe("T > C 12.3");
    expect(obliqueText(pitch(-12.3))).toBe("T > C -12.3");
    expect(obliqueText(pitch(80))).toBe("C > T 10.0");
    expect(obliqueText(normalFromAngles({ order: [2, 1, 0], tilts: [12.3, -4.1] }))).toBe("T > C 12.3 > S -4.1");
    expect(obliqueText(normalFromAngles({ order: [0, 2, 1], tilts: [-20, 3] }))).toBe("S > T -20.0 > C 3.0");
  });

  it("describe the normal completely (property)", () => {
    const c = number(-1, 1);
    fc.assert(
      fc.property(fc.tuple(c, c, c), (v) => {
        fc.pre(Math.hypot(...v) > 0.1);
        const n = normalize(v);
        const angles = obliqueAngles(n);
        const back = normalFromAngles(angles);
        expect(Math.abs(dot(n, back))).toBeCloseTo(1, 9);
        expect(Math.abs(angles.tilts[0])).toBeLessThanOrEqual(45 + 1e-9);
        expect(Math.abs(angles.tilts[1])).toBeLessThanOrEqual(45 + 1e-9);
      }),
    );
  });

  it("the rotation vector and the in-plane turn are the box's", () => {
    const yaw = boxAngles(boxOf(rotationFromVector([0, 0, 20]), [0, 0, 0], [1, 1, 1]), "axial");
    expect(yaw.text).toBe("T");
    expect(yaw.inPlaneDeg).toBeCloseTo(20, 9);
    expect(yaw.rotvecDeg[2]).toBeCloseTo(20, 9);
    const pitch = boxAngles(boxOf(rotationFromVector([-15, 0, 0]), [0, 0, 0], [1, 1, 1]), "axial");
    expect(pitch.text).toBe("T > C 15.0");
    expect(pitch.inPlaneDeg).toBeCloseTo(0, 9);
    expect(pitch.rotvecDeg[0]).toBeCloseTo(-15, 9);
  });
});
