import { beforeAll, describe, expect, it } from "vitest";
import { type CalibrationOptions, calibrate, fitTemplate, type Template } from "../../src/calibration/index.ts";
import { Random } from "../../src/random.ts";
import { errorsOf, ixi, ixiIsHere, observe, quantile, randomPose, scouts } from "./heads.ts";

/** Real heads, landmarks of truth.json and of the surface: template from the 90 training heads, 15 unseen heads in 4 poses each. */
describe.skipIf(!ixiIsHere)("real heads (needs ../shared/data/ixi2mm)", () => {
  let data: ReturnType<typeof ixi>;
  let template: Template;
  beforeAll(() => {
    data = ixi();
    template = fitTemplate(data.heads.train.map((h) => h.head));
  }, 60_000);
  const run = (sigma: number, options: CalibrationOptions = {}) => {
    const rng = new Random(1);
    const cases = data.heads.test.flatMap(({ head }) =>
      Array.from({ length: 4 }, () => {
        const posed = randomPose(head, rng);
        const box = calibrate({ scouts, observations: observe(posed, data.sets, { sigma, rng }), template, options });
        return { ...errorsOf({ ...box.box, size: box.tight.size }, posed), refusal: box.refusal };
      }),
    );
    expect(cases.filter((c) => c.refusal)).toEqual([]);
    const of = (f: (c: (typeof cases)[number]) => number, q: number) => quantile(cases.map(f), q);
    return { center: (q: number) => of((c) => c.center, q), total: (q: number) => of((c) => c.total, q) };
  };

  it("the estimator loses next to nothing with exact landmarks", () => {
    const e = run(0);
    expect(e.center(0.5)).toBeLessThan(0.15);
    expect(e.center(1)).toBeLessThan(0.6);
    expect(e.total(0.5)).toBeLessThan(0.2);
    expect(e.total(1)).toBeLessThan(0.5);
  });

  it("anatomical points alone, without the box's own, stay within 0.6 mm and half a degree", () => {
    const e = run(0, { anatomicalOnly: true });
    expect(e.total(0.5)).toBeLessThanOrEqual(0.5);
    expect(e.center(0.5)).toBeLessThanOrEqual(0.6);
  });

  it("with 1.9 mm of noise a coordinate: within what a network's landmarks gave the prototype", () => {
    const e = run(1.9);
    expect(e.center(0.5)).toBeLessThan(1.2);
    expect(e.center(0.9)).toBeLessThan(2.2);
    expect(e.total(0.5)).toBeLessThan(1.3);
    expect(e.total(0.9)).toBeLessThan(2);
  });
});
