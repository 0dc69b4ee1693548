import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GeometryError } from "../../src/errors.ts";
import {
  boxCorners,
  boxFromPatient,
  boxOutline,
  checkBox,
  insideBox,
  type OrientedBox,
  patientFromBox,
  patientFromPixel,
  rotationFromAngles,
  rotationFromVector,
  type Vec3,
} from "../../src/geometry/index.ts";
import { column, type Mat3 } from "../../src/geometry/mat3.ts";
import { scouts } from "../calibration/heads.ts";

const boxOf = (r: Mat3, center: Vec3, size: Vec3): OrientedBox => ({
  center: center,
  axes: [column(r, 0), column(r, 1), column(r, 2)],
  size: size,
});
const turned = boxOf(rotationFromAngles([12, -7, 20]), [5, -3, 8], [140, 180, 150]);
const plain = boxOf(rotationFromVector([0, 0, 0]), [0, 0, 0], [100, 80, 60]);
const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const boxes = fc
  .tuple(
    fc.tuple(number(-180, 180), number(-90, 90), number(-180, 180)),
    fc.tuple(number(-90, 90), number(-90, 90), number(-90, 90)),
    fc.tuple(number(20, 250), number(20, 250), number(20, 250)),
  )
  .map(([angles, center, size]) => boxOf(rotationFromAngles(angles), center, size));

describe("box", () => {
  it("has corners half a size from its center along its axes (property)", () => {
    fc.assert(
      fc.property(boxes, (box) => {
        boxCorners(box).forEach((c, i) => {
          boxFromPatient(box, c).forEach((v, k) => {
            expect(v).toBeCloseTo(((i >> k) & 1 ? 0.5 : -0.5) * box.size[k], 6);
          });
          expect(insideBox(box, c, 1e-6)).toBe(true);
        });
        expect(insideBox(box, patientFromBox(box, [box.size[0] * 0.51, 0, 0]))).toBe(false);
      }),
    );
  });

  it("refuses axes that are mirrored or skewed, and sizes that are not positive", () => {
    checkBox(turned);
    const [l, p, s] = turned.axes;
    expect(() => checkBox({ ...turned, axes: [p, l, s] })).toThrow(GeometryError);
    expect(() => checkBox({ ...turned, axes: [l, l, s] })).toThrow(/orthonormal/);
    expect(() => checkBox({ ...turned, size: [1, 0, 1] })).toThrow(/size is \[1,0,1\]/);
  });
});

describe("outline on a scout", () => {
  it("is the rectangle itself for an unrotated box", () => {
    const pixels = boxOutline(plain, scouts[2]).map((p) => patientFromPixel(scouts[2], p));
    expect(pixels.length).toBe(4);
    for (const p of pixels) expect([Math.abs(p[0]), Math.abs(p[1]), p[2]]).toEqual([50, 40, 0]);
  });

  it("is empty where the plane misses the box, and whole where it lies in a face", () => {
    expect(boxOutline({ ...plain, center: [0, 0, 31] }, scouts[2])).toEqual([]);
    expect(boxOutline({ ...plain, center: [0, 0, 30] }, scouts[2]).length).toBe(4);
  });

  it("is convex, lies in the plane and on the box's surface (property)", () => {
    fc.assert(
      fc.property(boxes, fc.integer({ min: 0, max: 2 }), (box, which) => {
        const plane = scouts[which];
        const outline = boxOutline(box, plane);
        const heights = boxCorners(box).map((c) => c[which]);
        if (Math.min(...heights) > 1e-6 || Math.max(...heights) < -1e-6) {
          expect(outline).toEqual([]);
          return;
        }
        if (Math.min(...heights) > -1e-6 || Math.max(...heights) < 1e-6) return;
        expect(outline.length).toBeGreaterThanOrEqual(3);
        expect(outline.length).toBeLessThanOrEqual(6);
        outline.forEach((p, i) => {
          const along = boxFromPatient(box, patientFromPixel(plane, p)).map((v, k) => Math.abs(v) - box.size[k] / 2);
          expect(Math.max(...along)).toBeLessThan(1e-6);
          expect(along.filter((v) => Math.abs(v) < 1e-6).length).toBeGreaterThanOrEqual(2);
          const q = outline[(i + 1) % outline.length];
          const r = outline[(i + 2) % outline.length];
          expect((q[0] - p[0]) * (r[1] - q[1]) - (q[1] - p[1]) * (r[0] - q[0])).toBeGreaterThan(-1e-6);
        });
      }),
    );
  });
});
