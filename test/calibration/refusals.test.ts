import { describe, expect, it } from "vitest";
import {
  boxJson,
  type CalibrationOptions,
  calibrate,
  fitTemplate,
  type LandmarkObservation,
  type Scout,
} from "../../src/calibration/index.ts";
import { DataError, GeometryError } from "../../src/errors.ts";
import { rotationFromVector } from "../../src/geometry/index.ts";
import { apply, identity3 } from "../../src/geometry/mat3.ts";
import { Random } from "../../src/random.ts";
import { observe, pose, scouts } from "./heads.ts";
import { makeHead, makeHeads, sets } from "./synthetic.ts";

const rng = new Random(8);
const template = fitTemplate(makeHeads(rng.fork("train"), 40));
const posed = pose(makeHead(rng.fork("head"), 0.5), identity3, [4, 5, 6]);
const observations = observe(posed, sets);
const run = (o: {
  scouts?: readonly Scout[];
  observations?: readonly LandmarkObservation[];
  options?: CalibrationOptions;
}) => calibrate({ scouts, observations, template, ...o });
const finite = (v: unknown) => !JSON.stringify(v).includes("null,null");

describe("refusals keep the box and say why", () => {
  it("none for a good case", () => {
    const box = run({});
    expect(box.refusal).toBeNull();
    expect(box.warnings).toEqual([]);
  });

  it("two scouts instead of three", () => {
    const box = run({ scouts: scouts.slice(0, 2), observations: observations.filter((o) => o.scout < 2) });
    expect(box.refusal?.code).toBe("too_few_scouts");
    expect(box.refusal?.text).toContain("2 scouts");
    expect(finite(boxJson(box))).toBe(true);
  });

  it("parallel scouts, and scouts less than 60 degrees apart", () => {
    const parallel = [
      scouts[0],
      scouts[1],
      { ...scouts[0], position: [10, scouts[0].position[1], scouts[0].position[2]] as const },
    ];
    expect(run({ scouts: parallel, observations: observations.filter((o) => o.scout < 2) }).refusal?.code).toBe(
      "parallel_scouts",
    );
    const lean = (deg: number) => {
      const r = rotationFromVector([0, 0, deg]);
      const s = scouts[1];
      const planes = [scouts[0], { ...s, columnDirection: apply(r, s.columnDirection) }, scouts[2]];
      return run({ scouts: planes }).refusal?.code;
    };
    expect(lean(35)).toBe("parallel_scouts");
    expect(lean(-35)).toBe("parallel_scouts");
    expect(lean(25)).not.toBe("parallel_scouts");
  });

  it("more scouts than three are welcome, parallel ones among them", () => {
    const four = [...scouts, { ...scouts[0], position: [20, scouts[0].position[1], scouts[0].position[2]] as const }];
    const more = [...observations, ...observations.filter((o) => o.scout === 0).map((o) => ({ ...o, scout: 3 }))];
    expect(run({ scouts: four, observations: more }).refusal).toBeNull();
  });

  it("different frames of reference, or one missing", () => {
    const other = scouts.map((s, i) => (i === 2 ? { ...s, frameOfReference: "9.8.7" } : s));
    const box = run({ scouts: other });
    expect(box.refusal?.code).toBe("frame_of_reference");
    expect(box.refusal?.text).toContain("9.8.7");
    expect(
      run({ scouts: scouts.map((s, i) => (i === 2 ? { ...s, frameOfReference: undefined } : s)) }).refusal?.code,
    ).toBe("frame_of_reference");
    const none = scouts.map((s) => ({ ...s, frameOfReference: undefined }));
    expect(run({ scouts: none }).refusal).toBeNull();
    expect(
      run({ scouts: none })
        .warnings.map((w) => w.text)
        .join(),
    ).toContain("FrameOfReferenceUID");
    expect(run({ scouts: none, options: { requireFrameOfReference: true } }).refusal?.code).toBe("frame_of_reference");
  });

  it("too few landmarks: an unrotated box of the mean size", () => {
    const box = run({ observations: observations.slice(0, 4) });
    expect(box.refusal?.code).toBe("too_few_landmarks");
    expect(box.box.axes).toEqual([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ]);
    expect(box.tight.size).toEqual(template.sizeMm.mean);
    expect(run({ observations: [] }).refusal?.code).toBe("too_few_landmarks");
  });

  it("landmarks on one scout only leave the box open", () => {
    expect(run({ observations: observations.filter((o) => o.scout === 1) }).refusal?.code).toBe("undetermined");
  });

  it("low confidence", () => {
    const doubt = (n: number) => observations.map((o, i) => (i < n ? { ...o, confidence: 0.001 } : o));
    expect(run({ observations: doubt(20) }).refusal?.code).toBe("low_confidence");
    const box = run({ observations: doubt(3) });
    expect(box.refusal).toBeNull();
    expect(box.warnings.map((w) => w.text).join()).toContain("3 of 25");
    expect(box.landmarks.filter((l) => !l.used).length).toBe(3);
  });

  it("residuals of something that is no head", () => {
    const noise = new Random(3);
    const nonsense = observations.map((o) => ({
      ...o,
      pixel: [noise.uniform(40, 210), noise.uniform(40, 210)] as const,
    }));
    expect(run({ observations: nonsense }).refusal?.code).toBe("residual");
  });

  it("angulation: a warning beyond the training range, a refusal beyond the limit", () => {
    const at = (deg: number) =>
      run({ observations: observe(pose(posed, rotationFromVector([0, 0, deg]), [0, 0, 0]), sets) });
    expect(at(42).refusal).toBeNull();
    expect(
      at(42)
        .warnings.map((w) => w.text)
        .join(),
    ).toContain("trained for");
    expect(at(65).refusal?.code).toBe("angulation");
    expect(run({ options: { maxAngleDeg: 0.5 } }).refusal?.code).toBe("angulation");
  });

  it("size outside the presets", () => {
    const presets = { minMm: [50, 50, 50], maxMm: [100, 300, 300] } as const;
    const box = run({ options: { presets } });
    expect(box.refusal?.code).toBe("size");
    expect(box.refusal?.text).toContain("left-right");
  });
});

describe("bad usage throws and names the thing", () => {
  const observation = observations[0];
  const cases: [string, () => unknown, typeof DataError | typeof GeometryError, RegExp][] = [
    ["no scouts", () => run({ scouts: [], observations: [] }), GeometryError, /0 scouts/],
    [
      "NaN position",
      () => run({ scouts: [{ ...scouts[0], position: [Number.NaN, 0, 0] }, scouts[1], scouts[2]] }),
      GeometryError,
      /scout 0: ImagePositionPatient/,
    ],
    [
      "zero spacing",
      () => run({ scouts: [scouts[0], { ...scouts[1], spacing: [0, 1] }, scouts[2]] }),
      GeometryError,
      /scout 1: PixelSpacing/,
    ],
    [
      "no confidence",
      () => run({ observations: [{ ...observation, confidence: undefined as unknown as number }] }),
      DataError,
      /confidence is undefined/,
    ],
    [
      "NaN confidence",
      () => run({ observations: [{ ...observation, confidence: Number.NaN }] }),
      DataError,
      /confidence is NaN/,
    ],
    [
      "NaN pixel",
      () => run({ observations: [{ ...observation, pixel: [Number.NaN, 3] }] }),
      DataError,
      /observation 0 \(front\): pixel/,
    ],
    [
      "unknown landmark",
      () => run({ observations: [{ ...observation, name: "nose" }] }),
      DataError,
      /nose.*no landmark of that name/,
    ],
    ["no such scout", () => run({ observations: [{ ...observation, scout: 3 }] }), DataError, /scout is 3/],
    ["negative sigma", () => run({ observations: [{ ...observation, sigmaMm: -1 }] }), DataError, /sigmaMm is -1/],
    ["negative margin", () => run({ options: { marginsMm: -1 } }), GeometryError, /marginsMm/],
    ["thickness 0", () => run({ options: { sliceThicknessMm: 0 } }), GeometryError, /sliceThicknessMm/],
    ["gap below -thickness", () => run({ options: { gapMm: -1 } }), GeometryError, /gapMm/],
    ["voxel NaN", () => run({ options: { voxelMm: Number.NaN } }), GeometryError, /voxelMm/],
  ];
  for (const [name, act, type, message] of cases)
    it(name, () => {
      expect(act).toThrow(type);
      expect(act).toThrow(message);
    });
});
