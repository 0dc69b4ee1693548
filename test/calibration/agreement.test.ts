import { describe, expect, test } from "vitest";
import { calibrate, fitTemplate, type LandmarkObservation } from "../../src/calibration/index.ts";
import { rotationFromVector } from "../../src/geometry/index.ts";
import { Random } from "../../src/random.ts";
import { observe, pose, scouts } from "./heads.ts";
import { makeHead, makeHeads, sets } from "./synthetic.ts";

const rng = new Random(8);
const template = fitTemplate(makeHeads(rng.fork("train"), 40));
const posed = pose(makeHead(rng.fork("head"), 0.5), rotationFromVector([4, -6, 9]), [4, 5, 6]);
const good = observe(posed, sets, { sigma: 1, rng: rng.fork("noise") });
const names = ["sagittal", "coronal", "axial"] as const;
const box = (observations: readonly LandmarkObservation[], more: { blank?: readonly number[] } = {}) =>
  calibrate({ scouts, observations, template, ...more });

/** One scout's landmarks moved, and found as surely as on a picture that is not what the network learned. */
const changed = (
  scout: number,
  confidence: number,
  move: (pixel: readonly [number, number]) => readonly [number, number],
): LandmarkObservation[] =>
  good.map((o) =>
    o.scout === scout ? { ...o, confidence, pixel: move(o.pixel as readonly [number, number]) as typeof o.pixel } : o,
  );

describe("scouts that contradict each other", () => {
  test("good ones agree", () => {
    expect(box(good).refusal).toBeNull();
  });

  const middle = 127.5;
  const moves: Record<string, (p: readonly [number, number]) => readonly [number, number]> = {
    "turned by a quarter": ([x, y]) => [y, 2 * middle - x],
    "turned by three quarters": ([x, y]) => [2 * middle - y, x],
    "upside down": ([x, y]) => [2 * middle - x, 2 * middle - y],
  };
  for (const [what, move] of Object.entries(moves))
    test.each([0, 1, 2])(`scout %i ${what} is named`, (scout) => {
      const { refusal } = box(changed(scout, 0.5, move));
      expect(refusal).toMatchObject({ code: "contradiction", scout: names[scout] });
      expect(refusal?.text).toContain(names[scout]);
      expect(refusal?.cure).toContain("take it again");
    });

  test.each([0, 1, 2])("landmarks anywhere on scout %i", (scout) => {
    const noise = rng.fork(`anywhere ${scout}`);
    const { refusal } = box(changed(scout, 0.25, () => [noise.uniform(60, 190), noise.uniform(60, 190)]));
    expect(refusal).toMatchObject({ code: "contradiction", scout: names[scout] });
  });

  test("one landmark in four far off on one scout is left out, and no refusal", () => {
    let n = 0;
    const some = good.map((o) =>
      o.scout === 2 && n++ % 4 === 0 ? { ...o, pixel: [o.pixel[0] + 30, o.pixel[1] - 25] as typeof o.pixel } : o,
    );
    expect(box(some).refusal).toBeNull();
  });

  test.each([0, 1, 2])("a blank scout %i is refused by name, and what was found on it is not used", (scout) => {
    const result = box(good, { blank: [scout] });
    expect(result.refusal).toMatchObject({ code: "blank_scout", scout: names[scout] });
    expect(result.landmarks.filter((l) => l.scout === scout).every((l) => !l.used)).toBe(true);
    expect(result.box.center.every(Number.isFinite)).toBe(true);
  });

  test("all scouts blank", () => {
    expect(box(good, { blank: [0, 1, 2] }).refusal?.text).toContain("sagittal and the coronal and the axial scout");
  });
});
