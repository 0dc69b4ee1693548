import { describe, expect, it } from "vitest";
import {
  type CorrectorSample,
  estimateBox,
  fitCorrector,
  fitTemplate,
  templateFromJson,
  templateJson,
  withErrors,
} from "../../src/calibration/index.ts";
import { DataError } from "../../src/errors.ts";
import { row } from "../../src/geometry/mat3.ts";
import { Random } from "../../src/random.ts";
import { errorsOf, observe, quantile, randomPose, scouts } from "./heads.ts";
import { makeHead, makeHeads, names, sets } from "./synthetic.ts";

const rng = new Random(21);
const heads = makeHeads(rng.fork("train"), 40);
const template = fitTemplate(heads);

describe("fitTemplate", () => {
  it("describes landmarks in the head's own frame, whatever its pose", () => {
    const posed = heads.map((h, i) => randomPose(h, rng.fork(`pose ${i}`)));
    const other = fitTemplate(posed);
    template.landmarks.forEach((l, j) => {
      l.meanMm.forEach((v, k) => {
        expect(other.landmarks[j].meanMm[k]).toBeCloseTo(v, 3);
      });
    });
    expect(template.landmarks.find((l) => l.name === "left_core")?.meanMm[0]).toBeGreaterThan(20);
    expect(template.landmarks.filter((l) => l.virtual).map((l) => l.name)).toEqual([
      "box_centre",
      "face_left",
      "face_top",
    ]);
    expect(template.modes.length).toBe(20);
  });

  it("its modes and leftover variance add up to the heads' scatter", () => {
    const full = fitTemplate(heads, { modes: 20 });
    const none = fitTemplate(heads, { modes: 0 });
    const j = names.indexOf("front");
    for (let k = 0; k < 3; k++) {
      const modes = full.modes.reduce((s, m) => s + m.landmarksMm[3 * j + k] ** 2, 0);
      // The leftover is divided by the degrees of freedom that are left, the total by n - 1.
      const left = (full.landmarks[j].varianceMm2[k] * (39 - 20)) / 39;
      expect(modes + left).toBeCloseTo(none.landmarks[j].varianceMm2[k], 2);
    }
  });

  it("survives JSON, one head, heads that lack a landmark, and names what is wrong", () => {
    expect(templateFromJson(JSON.parse(JSON.stringify(templateJson(template))))).toEqual(template);
    const one = fitTemplate(heads.slice(0, 1));
    expect(one.landmarks.every((l) => l.varianceMm2.every((v) => v > 0))).toBe(true);
    const posed = randomPose(heads[0], rng.fork("one"));
    const { box } = estimateBox(scouts, observe(posed, sets), one);
    expect(box && errorsOf(box, posed).center).toBeLessThan(1e-2);
    const { front: _, ...fewer } = heads[1].landmarks;
    expect(fitTemplate([heads[0], { ...heads[1], landmarks: fewer }]).landmarks.length).toBe(names.length);
    expect(() => fitTemplate([])).toThrow(DataError);
    expect(() => fitTemplate(heads, { names: ["front", "nose"] })).toThrow(/no head has landmark nose/);
    const [a, b, c, ...rest] = heads[0].axes;
    const mirrored = { ...heads[0], axes: [-a, -b, -c, ...rest] as unknown as (typeof heads)[0]["axes"] };
    expect(() => fitTemplate([mirrored])).toThrow(/right-handed/);
    expect(() => templateFromJson({ ...templateJson(template), format: "x" })).toThrow(/fiducial\/template@1/);
    expect(() =>
      templateFromJson({ ...templateJson(template), modes: [{ landmarks_mm: [1], size_mm: [0, 0, 0] }] }),
    ).toThrow(/modes/);
    expect(() => templateFromJson(null)).toThrow(DataError);
  });
});

describe("withErrors", () => {
  it("learns each landmark's error, and the fit then leans on the exact ones", () => {
    const noise = rng.fork("misses");
    const sd = (name: string) => (name.startsWith("left") ? 8 : 1);
    const misses = Array.from({ length: 40 }, () =>
      (["sagittal", "coronal", "axial"] as const).flatMap((plane) =>
        sets[plane].map((name) => ({
          name,
          plane,
          errorMm: [noise.normal(0, sd(name)), noise.normal(0, sd(name))] as const,
        })),
      ),
    ).flat();
    const learned = withErrors(template, misses);
    const error = (name: string) => learned.landmarks.find((l) => l.name === name)?.errorMm.axial ?? 0;
    expect(error("left_core")).toBeGreaterThan(5);
    expect(error("right_core")).toBeLessThan(2);
    const total = (t: typeof template) =>
      Array.from({ length: 40 }, (_, i) => {
        const r = rng.fork(`case ${i}`);
        const posed = randomPose(makeHead(r), r);
        const seen = observe(posed, sets, { sigmaMm: null }).map((o) => ({
          ...o,
          pixel: [o.pixel[0] + r.normal(0, sd(o.name)), o.pixel[1] + r.normal(0, sd(o.name))] as const,
        }));
        const { box } = estimateBox(scouts, seen, t);
        return box ? errorsOf(box, posed).total : Number.POSITIVE_INFINITY;
      });
    expect(quantile(total(learned), 0.5)).toBeLessThan(0.9 * quantile(total(template), 0.5));
    expect(() => withErrors(template, [])).toThrow(DataError);
  });
});

describe("fitCorrector", () => {
  // A landmark finder with a habit: it sets the stem too far back and everything lateral too low.
  const habit = (name: string): readonly [number, number] =>
    name === "stem" ? [5, 0] : /^(left|right)/.test(name) ? [0, 3] : [0, 0];
  const sample = (group: string, r: Random, biased: boolean): CorrectorSample => {
    const posed = randomPose(makeHead(r.fork("head")), r);
    const seen = observe(posed, sets, { sigma: 1, rng: r }).map((o) => {
      const [c, v] = biased ? habit(o.name) : [0, 0];
      return { ...o, pixel: [o.pixel[0] + c, o.pixel[1] + v] as const };
    });
    const axes = [row(posed.axes, 0), row(posed.axes, 1), row(posed.axes, 2)] as const;
    return { scouts, observations: seen, truth: { center: posed.center, axes, size: posed.size }, group };
  };
  const samples = (tag: string, n: number, biased: boolean) =>
    Array.from({ length: n }, (_, i) => sample(`${tag} ${i}`, rng.fork(`${tag} ${i}`), biased));

  it("mends a habit on heads it has not seen", () => {
    const { template: corrected, report } = fitCorrector(template, samples("calibration", 60, true));
    expect(report.ridge).not.toBeNull();
    expect(report.groups).toBe(60);
    const center = (t: typeof template) =>
      samples("unseen", 40, true).map((s) => {
        const { box } = estimateBox(s.scouts, s.observations, t);
        const truth = {
          axes: s.truth.axes.flat() as never,
          center: s.truth.center,
          size: s.truth.size,
          landmarks: {},
        };
        return box ? errorsOf(box, truth).center : Number.POSITIVE_INFINITY;
      });
    expect(quantile(center(corrected), 0.5)).toBeLessThan(0.85 * quantile(center(template), 0.5));
    expect(templateFromJson(JSON.parse(JSON.stringify(templateJson(corrected))))).toEqual(corrected);
    const stripped = samples("unseen", 1, true)[0];
    const few = stripped.observations.filter((_, i) => i % 4 !== 0);
    const { box } = estimateBox(scouts, few, corrected);
    expect(box?.center.every(Number.isFinite)).toBe(true);
  });

  it("keeps no corrector where the fit already takes all there is, nor from too few heads", () => {
    const { template: same, report } = fitCorrector(template, samples("honest", 30, false));
    expect(report.ridge).toBeNull();
    expect(same.corrector).toBeNull();
    expect(() => fitCorrector(template, samples("few", 2, true))).toThrow(/2 groups/);
  });
});
