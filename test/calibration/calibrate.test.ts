import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { boxJson, calibrate, estimateBox, fitTemplate, type Scout } from "../../src/calibration/index.ts";
import {
  angleBetween,
  boxCorners,
  lpsFromRas,
  type Mat3,
  type Point3,
  patientFromPixel,
  pixelFromPatient,
  rasFromLps,
  rotationFromAngles,
  rotationFromVector,
  type Vec3,
} from "../../src/geometry/index.ts";
import { apply, determinant, fromRows, identity3, multiply, transpose } from "../../src/geometry/mat3.ts";
import { add, distance } from "../../src/geometry/vec3.ts";
import { Random } from "../../src/random.ts";
import { errorsOf, observe, pose, randomPose, scouts } from "./heads.ts";
import { makeHead, makeHeads, sets } from "./synthetic.ts";

const rng = new Random(5);
const template = fitTemplate(makeHeads(rng.fork("train"), 60));
const head = makeHead(rng.fork("head"), 0.2);
// The same head with its axes along the patient's, so that a pose's angles are the box's own.
const upright = (() => {
  const turn = head.axes;
  const { landmarks } = pose(head, turn, [0, 0, 0]);
  return { axes: identity3, center: [0, 0, 0] as const, size: head.size, landmarks };
})();
const boxOf = (posed: ReturnType<typeof pose>, planes: readonly Scout[] = scouts) =>
  calibrate({ scouts: planes, observations: observe(posed, sets, { planes }), template });
const rotationOfBox = (b: { axes: readonly [Vec3, Vec3, Vec3] }): Mat3 => transpose(fromRows(...b.axes));

describe("calibrate", () => {
  it("gives the patient axes for an upright head at the isocenter", () => {
    const box = boxOf(pose(upright, identity3, [0, 0, 0]));
    expect(box.refusal).toBeNull();
    expect(angleBetween(rotationOfBox(box.box), identity3)).toBeLessThan(0.6);
    expect(distance(box.box.center, [0, 0, 0])).toBeLessThan(0.6);
    expect(determinant(rotationOfBox(box.box))).toBeCloseTo(1, 9);
    for (let k = 0; k < 3; k++) expect(Math.abs(box.tight.size[k] - head.size[k])).toBeLessThan(4);
  });

  const still = rotationOfBox(boxOf(pose(upright, identity3, [0, 0, 0])).box);
  for (const [name, axis] of [
    ["pitch", 0],
    ["roll", 1],
    ["yaw", 2],
  ] as const)
    for (const angle of [-30, -12, 7, 30])
      it(`finds a pure ${name} of ${angle} degrees, about the right axis and in the right sense`, () => {
        const v: [number, number, number] = [0, 0, 0];
        v[axis] = angle;
        const found = boxOf(pose(upright, rotationFromVector(v), [0, 0, 0]));
        // Scouts stay while the head turns, so other coordinates are hidden: the errors differ a little.
        found.angles.rotvecDeg.forEach((got, k) => {
          expect(Math.abs(got - v[k])).toBeLessThan(1);
        });
        expect(angleBetween(multiply(rotationFromVector(v), still), rotationOfBox(found.box))).toBeLessThan(0.6);
      });

  it("turns and shifts the box exactly with head and scouts together", () => {
    const posed = randomPose(head, rng.fork("together"));
    const turn = rotationFromAngles([9, -14, 21]);
    const shift: Vec3 = [31, -12, 50];
    const move = (p: Point3<"lps">): Point3<"lps"> => add(apply(turn, p), shift);
    const planes = scouts.map((s) => ({
      ...s,
      position: move(s.position),
      columnDirection: apply(turn, s.columnDirection),
      rowDirection: apply(turn, s.rowDirection),
    }));
    const observations = observe(posed, sets);
    const before = estimateBox(scouts, observations, template).box;
    const after = estimateBox(planes, observations, template).box;
    if (!before || !after) throw new Error("no box");
    expect(distance(move(before.center), after.center)).toBeLessThan(1e-3);
    expect(angleBetween(multiply(turn, rotationOfBox(before)), rotationOfBox(after))).toBeLessThan(1e-3);
    expect(distance(before.size, after.size)).toBeLessThan(1e-3);
  });

  it("turns the box by R when the head turns by R between two sets of scouts", () => {
    const rotation = rotationFromVector([10, -6, 14]);
    const first = boxOf(pose(head, identity3, [0, 0, 0]));
    const second = boxOf(pose(head, rotation, [6, -4, 9]));
    expect(angleBetween(multiply(rotation, rotationOfBox(first.box)), rotationOfBox(second.box))).toBeLessThan(0.8);
  });

  it("converges up to 35 degrees in total and beyond, from any side (property)", () => {
    const direction = fc.tuple(
      fc.double({ min: -1, max: 1, noNaN: true }),
      fc.double({ min: -1, max: 1, noNaN: true }),
      fc.double({ min: -1, max: 1, noNaN: true }),
    );
    fc.assert(
      fc.property(direction, fc.double({ min: 0, max: 45, noNaN: true }), (d, angle) => {
        const length = Math.hypot(...d);
        fc.pre(length > 0.1);
        const posed = pose(
          upright,
          rotationFromVector(d.map((v) => (v / length) * angle) as unknown as Vec3),
          [12, -9, 14],
        );
        const { box } = estimateBox(scouts, observe(posed, sets), template);
        if (!box) return false;
        const e = errorsOf(box, posed);
        return e.total < 1.2 && e.center < 1.2;
      }),
      { numRuns: 40 },
    );
  });

  // A scout stored otherwise, with the header to match: the same patient points at other pixels.
  const restored: Record<string, (s: Scout) => Scout> = {
    "left-right flipped": (s) => ({
      ...s,
      position: patientFromPixel(s, [s.columns - 1, 0]),
      columnDirection: s.columnDirection.map((v) => -v) as unknown as Vec3,
    }),
    "upside down": (s) => ({
      ...s,
      position: patientFromPixel(s, [0, s.rows - 1]),
      rowDirection: s.rowDirection.map((v) => -v) as unknown as Vec3,
    }),
    transposed: (s) => ({
      ...s,
      columnDirection: s.rowDirection,
      rowDirection: s.columnDirection,
      rows: s.columns,
      columns: s.rows,
    }),
    "rescaled with anisotropic pixels": (s) => ({ ...s, spacing: [0.5, 2], rows: 512, columns: 128 }),
  };
  for (const [name, change] of Object.entries(restored))
    it(`gives the same box for scouts that are ${name}`, () => {
      const posed = randomPose(head, rng.fork("stored"));
      const a = boxOf(posed);
      const b = boxOf(posed, scouts.map(change));
      expect(distance(a.box.center, b.box.center)).toBeLessThan(0.01);
      expect(angleBetween(rotationOfBox(a.box), rotationOfBox(b.box))).toBeLessThan(0.005);
      boxCorners(a.box).forEach((c, i) => {
        expect(distance(c, boxCorners(b.box)[i])).toBeLessThan(0.02);
      });
    });

  it("takes oblique scouts: the box stays at the head, whatever planes show it", () => {
    const posed = randomPose(head, rng.fork("oblique"));
    const turns = [
      [8, -6, 5],
      [-7, 9, 4],
      [5, 10, -8],
    ] as const;
    const planes = scouts.map((s, i) => {
      const r = rotationFromAngles(turns[i]);
      return {
        ...s,
        position: apply(r, s.position),
        columnDirection: apply(r, s.columnDirection),
        rowDirection: apply(r, s.rowDirection),
      };
    });
    const e = errorsOf(boxOf(posed, planes).box, posed);
    expect(e.center).toBeLessThan(1);
    expect(e.total).toBeLessThan(1);
  });

  it("tells PixelSpacing's two values apart", () => {
    const posed = pose(head, rotationFromVector([0, 0, 10]), [5, 5, 5]);
    const planes = scouts.map(restored["rescaled with anisotropic pixels"]);
    const observations = observe(posed, sets, { planes });
    expect(errorsOf(calibrate({ scouts: planes, observations, template }).box, posed).center).toBeLessThan(1);
    const swapped = planes.map((s) => ({ ...s, spacing: [s.spacing[1], s.spacing[0]] as const }));
    const wrong = calibrate({ scouts: swapped, observations, template });
    expect(wrong.refusal).not.toBeNull();
    expect(errorsOf(wrong.box, posed).center).toBeGreaterThan(10);
  });

  it("tells left from right: a head mirrored in its labels or its axes does not fit", () => {
    const posed = pose(head, rotationFromVector([3, 12, -8]), [10, 0, 0]);
    const swap = (n: string) => (n.startsWith("left_") ? n.replace("left_", "right_") : n.replace("right_", "left_"));
    const mirrored = observe(posed, sets).map((o) => ({ ...o, name: swap(o.name) }));
    expect(calibrate({ scouts, observations: mirrored, template }).refusal?.code).toBe("residual");
    // LPS taken for RAS in one scout only: x and y of its plane change sign.
    const flip = (p: Vec3): Vec3 => rasFromLps(p);
    const planes = scouts.map((s, i) =>
      i === 1
        ? {
            ...s,
            position: flip(s.position),
            columnDirection: flip(s.columnDirection),
            rowDirection: flip(s.rowDirection),
          }
        : s,
    );
    expect(calibrate({ scouts: planes, observations: observe(posed, sets), template }).refusal).not.toBeNull();
  });

  it("puts the box where the patient's left is: a head shifted left gives a box at positive x", () => {
    const box = boxOf(pose(upright, identity3, [40, 0, 0]));
    expect(box.box.center[0]).toBeGreaterThan(38);
    const left = boxCorners(box.box).filter((_, i) => i & 1);
    expect(Math.min(...left.map((c) => c[0]))).toBeGreaterThan(90);
  });

  it("survives missing landmarks, and outliers are dropped and named", () => {
    const posed = randomPose(head, rng.fork("missing"));
    const all = observe(posed, sets, { sigma: 0.5, rng: rng.fork("noise") });
    const some = all.filter((_, i) => i % 3 !== 0);
    expect(errorsOf(calibrate({ scouts, observations: some, template }).box, posed).center).toBeLessThan(2);
    const clean = calibrate({ scouts, observations: all, template });
    const spoilt = all.map((o, i) =>
      i === 4 || i === 13 ? { ...o, pixel: [o.pixel[0] + 45, o.pixel[1] - 30] as const } : o,
    );
    const box = calibrate({ scouts, observations: spoilt, template });
    expect(box.landmarks.flatMap((l, i) => (l.used ? [] : [i]))).toEqual([4, 13]);
    expect(box.refusal).toBeNull();
    expect(box.warnings.map((w) => w.text).join()).toContain("2 of 25 landmarks disagree");
    expect(distance(box.box.center, clean.box.center)).toBeLessThan(1);
    expect(angleBetween(rotationOfBox(box.box), rotationOfBox(clean.box))).toBeLessThan(1);
  });

  it("gives finite results with zero variances and zero sigma", () => {
    const flat = fitTemplate(makeHeads(rng.fork("flat"), 3, 0));
    const posed = randomPose(makeHead(rng.fork("same"), 0), rng.fork("p"));
    const box = calibrate({ scouts, observations: observe(posed, sets, { sigmaMm: 0 }), template: flat });
    expect([...box.box.center, ...box.box.size, ...box.box.axes.flat()].every(Number.isFinite)).toBe(true);
    expect(box.landmarks.every((l) => l.sigmaMm > 0)).toBe(true);
  });

  it("reports landmarks in space where two planes show them, null otherwise", () => {
    const posed = randomPose(head, rng.fork("space"));
    const box = boxOf(posed);
    const stem = box.landmarks.find((l) => l.name === "stem");
    expect(distance(stem?.mm as Vec3, posed.landmarks.stem)).toBeLessThan(1e-6);
    expect(box.landmarks.find((l) => l.name === "low")?.mm).toBeNull();
    expect(box.landmarks.every((l) => l.residualMm !== null && l.residualMm >= 0)).toBe(true);
  });

  it("leaves virtual points out when asked to", () => {
    const posed = randomPose(head, rng.fork("virtual"));
    const box = calibrate({ scouts, observations: observe(posed, sets), template, options: { anatomicalOnly: true } });
    expect(box.landmarks.filter((l) => /^(box|face)_/.test(l.name)).every((l) => !l.used)).toBe(true);
    expect(box.landmarks.filter((l) => !/^(box|face)_/.test(l.name)).every((l) => l.used)).toBe(true);
    expect(errorsOf(box.box, posed).center).toBeLessThan(3);
  });

  it("adds margins on every side, rounds up, and its JSON has neither NaN nor undefined", () => {
    const posed = randomPose(head, rng.fork("margins"));
    const observations = observe(posed, sets);
    const options = { marginsMm: [4, 6, 8] as const, voxelMm: 0.9, sliceThicknessMm: 3, gapMm: 0.6 };
    const box = calibrate({ scouts, observations, template, options });
    box.box.size.forEach((s, k) => {
      const wanted = box.tight.size[k] + 2 * options.marginsMm[k];
      expect(s).toBeGreaterThanOrEqual(wanted - 1e-5);
      expect(s).toBeLessThan(wanted + (k === 2 ? 3.6 : 0.9));
    });
    const json = boxJson(box);
    expect(json).toMatchObject({ frame: "LPS", centre_mm: box.box.center, axes: box.box.axes, size_mm: box.box.size });
    expect(json).toMatchObject({ corners_mm: boxCorners(box.box), tight_size_mm: box.tight.size });
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
    const first = box.slices[0];
    expect(json.slices[0]).toEqual({
      image_position_patient: first.imagePositionPatient,
      image_orientation_patient: first.imageOrientationPatient,
      pixel_spacing_mm: [0.9, 0.9],
      rows: first.rows,
      columns: first.columns,
      thickness_mm: 3,
      gap_mm: 0.6,
    });
    expect(JSON.stringify(json).match(/"\w*[A-Z]\w*":/g)).toBeNull();
    expect(Object.keys(json.landmarks[0]).join()).toBe("name,scout,pixel,mm,confidence,sigma_mm,residual_mm,used");
    expect([Object.keys(json.angles).join(), Object.keys(json.uncertainty!).join()]).toEqual([
      "text,rotvec_deg,in_plane_deg",
      "centre_mm,rotvec_deg",
    ]);
  });

  it("goes from LPS to RAS and back unchanged (property)", () => {
    const c = fc.double({ min: -300, max: 300, noNaN: true });
    fc.assert(
      fc.property(fc.tuple(c, c, c), (p) => {
        const ras = rasFromLps(p);
        const pixel = pixelFromPatient(scouts[1], lpsFromRas(ras)).pixel;
        expect(lpsFromRas(ras)).toEqual(p);
        expect(ras).toEqual([-p[0], -p[1], p[2]]);
        expect(patientFromPixel(scouts[1], pixel)[0]).toBeCloseTo(p[0], 9);
        expect(patientFromPixel(scouts[1], pixel)[2]).toBeCloseTo(p[2], 9);
      }),
    );
  });
});
