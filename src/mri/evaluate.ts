import { type Calibration, type CalibrationOptions, calibrate } from "../calibration/index.ts";
import { mat3, type OrientedBox, type Point3, rotationFromVector, sub, type Vec3 } from "../geometry/index.ts";
import type { Volume } from "../io/image.ts";
import { type BoxCase, type BoxErrors, type BoxSummary, boxErrors, summarizeBoxes } from "../metrics/index.ts";
import { checkOptions, type KeysOf } from "../options.ts";
import type { Random } from "../random.ts";
import { posesFor, type ScoutCase, scoutCase, trueObservations } from "./cases.ts";
import { type FoundScouts, findLandmarks } from "./predict.ts";
import { boxFromFound, type ScoutModel } from "./scout-model.ts";
import { brainPoints, type Head, type HeadTruth, type Pose, planeOrder, scoutPlanes } from "./scouts/index.ts";

/** One case of `mri evaluate` (commands.md). */
export interface EvaluatedCase {
  readonly subject: string;
  readonly pose: { readonly rotvecDeg: Vec3; readonly shiftMm: Vec3 };
  readonly refused: { readonly code: string; readonly text: string } | null;
  readonly centerMm: number | null;
  readonly rotvecErrorDeg: Vec3 | null;
  readonly totalDeg: number | null;
  readonly sizeErrorMm: Vec3 | null;
  readonly protrusionMm: number | null;
  readonly coverage: number | null;
  readonly volumeRatio: number | null;
  readonly iou: number | null;
  readonly seconds: number;
  /** Present and null where the head has no labels: nothing can be judged. */
  readonly truth?: null;
}

export interface Evaluation {
  readonly cases: readonly EvaluatedCase[];
  readonly summary: BoxSummary;
  /** The mean training pose and box, whatever the scouts show. */
  readonly baseline: BoxSummary;
  /** The true landmarks in place of the found ones. */
  readonly geometryOnly: BoxSummary;
  /** The same without points computed from the box itself (its center and faces). */
  readonly geometryOnlyAnatomical: BoxSummary;
}

/** A head to judge, with its label volume (null: no errors can be told). */
export interface JudgedHead {
  readonly head: Head;
  readonly labels: Volume | null;
}

/** A box found before the scanner, brought back to where the head's own volume lies. */
const unposed = (box: OrientedBox, truth: HeadTruth, pose: Pose): OrientedBox => {
  const back = mat3.transpose(rotationFromVector(pose.rotvecDeg));
  const p = mat3.apply(back, sub(box.center as Vec3, pose.shiftMm));
  return {
    size: box.size,
    axes: box.axes.map((v) => mat3.apply(back, v)) as unknown as OrientedBox["axes"],
    center: [p[0] + truth.center[0], p[1] + truth.center[1], p[2] + truth.center[2]] as Point3<"lps">,
  };
};

export interface EvaluateOptions {
  /** Poses a subject: a number of random ones, or those to use. */
  readonly poses: number | ((subject: string) => readonly Pose[]);
  readonly random: Random;
  readonly calibration?: CalibrationOptions;
  /** Told of every case when it is done. */
  readonly onCase?: (done: {
    case: EvaluatedCase;
    scoutCase: ScoutCase;
    calibration: Calibration;
    found: FoundScouts;
  }) => void | Promise<void>;
  readonly signal?: AbortSignal;
}
const evaluateKeys: KeysOf<EvaluateOptions> = { poses: 1, random: 1, calibration: 1, onCase: 1, signal: 1 };

/** Judges a trained model on heads in poses; the reference is the head's own truth. */
export async function evaluate(
  m: ScoutModel,
  heads: Iterable<JudgedHead>,
  options: EvaluateOptions,
): Promise<Evaluation> {
  const { poses, random, calibration, onCase, signal } = checkOptions("evaluate", options, evaluateKeys);
  const cases: EvaluatedCase[] = [];
  const rows: Record<"summary" | "baseline" | "geometry" | "anatomical", BoxCase[]> = {
    summary: [],
    baseline: [],
    geometry: [],
    anatomical: [],
  };
  const planes = planeOrder.map((p) => scoutPlanes()[p]);
  for (const { head, labels } of heads) {
    const brain = labels && brainPoints(labels);
    const list = typeof poses === "number" ? posesFor(random, head.subject, poses) : poses(head.subject);
    for (const [i, pose] of list.entries()) {
      signal?.throwIfAborted();
      const c = scoutCase(head, pose, random.fork(`scouts ${head.subject} ${i}`));
      const start = performance.now();
      const [found] = await findLandmarks(m.model, m.device, [c.scouts], m.net);
      const result = boxFromFound(m.equipment, c.scouts, found, calibration);
      const seconds = (performance.now() - start) / 1000;
      const judge = (box: OrientedBox): BoxErrors | null =>
        head.truth && brain ? boxErrors(unposed(box, head.truth, pose), { ...head.truth }, brain) : null;
      const errors = result.refusal ? null : judge(result.tight);
      const row: EvaluatedCase = {
        subject: head.subject,
        pose: { rotvecDeg: pose.rotvecDeg, shiftMm: pose.shiftMm },
        refused: result.refusal,
        centerMm: errors?.centerMm ?? null,
        rotvecErrorDeg: errors?.rotvecErrorDeg ?? null,
        totalDeg: errors?.totalDeg ?? null,
        sizeErrorMm: errors?.sizeErrorMm ?? null,
        protrusionMm: errors?.protrusionMm ?? null,
        coverage: errors?.coverage ?? (head.truth && result.refusal ? 0 : null),
        volumeRatio: errors?.volumeRatio ?? null,
        iou: errors?.iou ?? null,
        seconds: Math.round(seconds * 1000) / 1000,
        ...(head.truth && brain ? {} : { truth: null }),
      };
      cases.push(row);
      if (head.truth && brain && c.truth) {
        const push = (to: keyof typeof rows, r: { refusal: Calibration["refusal"]; box: OrientedBox }) =>
          rows[to].push(r.refusal ? { refused: r.refusal, errors: null } : { refused: null, errors: judge(r.box)! });
        push("summary", { refusal: result.refusal, box: result.tight });
        const { axes, sizeMm: size } = m.equipment.meanHead;
        push("baseline", { refusal: null, box: { center: [0, 0, 0], axes, size } });
        const exact = trueObservations(c.truth, m.net);
        for (const [to, anatomicalOnly] of [
          ["geometry", false],
          ["anatomical", true],
        ] as const) {
          // The corrector was learned on the network's own errors; exact points have none.
          const g = calibrate({
            scouts: planes,
            observations: exact,
            template: { ...m.equipment.template, corrector: null },
            options: { ...calibration, anatomicalOnly },
          });
          push(to, { refusal: g.refusal, box: g.tight });
        }
      }
      await onCase?.({ case: row, scoutCase: c, calibration: result, found });
    }
  }
  return {
    cases,
    summary: summarizeBoxes(rows.summary),
    baseline: summarizeBoxes(rows.baseline),
    geometryOnly: summarizeBoxes(rows.geometry),
    geometryOnlyAnatomical: summarizeBoxes(rows.anatomical),
  };
}
