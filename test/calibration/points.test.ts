import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { reconstructPoint, type Sighting } from "../../src/calibration/index.ts";
import { GeometryError } from "../../src/errors.ts";
import { type Point3, pixelFromPatient, type Vec3 } from "../../src/geometry/index.ts";
import { distance } from "../../src/geometry/vec3.ts";
import { scouts } from "./heads.ts";

const see = (p: Point3<"lps">, which: number, off: readonly [number, number] = [0, 0], sigmaMm = 1): Sighting => {
  const { pixel } = pixelFromPatient(scouts[which], p);
  return { plane: scouts[which], pixel: [pixel[0] + off[0], pixel[1] + off[1]], sigmaMm };
};

describe("reconstructPoint", () => {
  const c = fc.double({ min: -100, max: 100, noNaN: true });
  it("is exact from any two or three different planes (property)", () => {
    fc.assert(
      fc.property(fc.tuple(c, c, c), (p) => {
        for (const planes of [
          [0, 1],
          [0, 2],
          [1, 2],
          [0, 1, 2],
        ]) {
          const found = reconstructPoint(planes.map((w) => see(p, w)));
          expect(distance(found?.mm as Vec3, p)).toBeLessThan(1e-9);
        }
      }),
    );
  });

  it("weighs sightings of one coordinate by confidence over variance", () => {
    // z is seen by both: 3 mm apart, with weights 1 and 1/4.
    const two = [see([0, 0, 0], 0), see([0, 0, 0], 1, [0, -3], 2)];
    expect(reconstructPoint(two)?.mm[2]).toBeCloseTo(0.6, 9);
    expect(reconstructPoint([{ ...two[0], confidence: 0.25 }, two[1]])?.mm[2]).toBeCloseTo(1.5, 9);
  });

  it("has no answer from one plane or parallel planes unless the landmark lies in the slice", () => {
    expect(reconstructPoint([see([1, 2, 3], 0)])).toBeUndefined();
    expect(reconstructPoint([see([1, 2, 3], 0), see([1, 2, 3], 0)])).toBeUndefined();
    expect(reconstructPoint([])).toBeUndefined();
    const cut = reconstructPoint([{ ...see([9, 2, 3], 0), throughMm: 3 }]);
    expect(distance(cut?.mm as Vec3, [0, 2, 3])).toBeLessThan(1e-9);
  });

  it("drops the sighting without which the others agree", () => {
    const p: Point3<"lps"> = [10, -20, 30];
    const found = reconstructPoint([see(p, 0), see(p, 1), see(p, 2), see(p, 1, [25, 10])]);
    expect(found?.used).toEqual([true, true, true, false]);
    expect(distance(found?.mm as Vec3, p)).toBeLessThan(1e-9);
    expect(found?.residualMm[3]).toBeCloseTo(Math.hypot(25, 10), 6);
  });

  it("refuses deviations that are not positive", () => {
    expect(() => reconstructPoint([see([0, 0, 0], 0, [0, 0], 0)])).toThrow(GeometryError);
  });
});
