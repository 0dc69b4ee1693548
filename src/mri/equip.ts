import {
  type CorrectorReport,
  type CorrectorSample,
  fitCorrector,
  fitTemplate,
  type LandmarkMiss,
  type Template,
  withErrors,
} from "../calibration/index.ts";
import type { Device } from "../device/index.ts";
import { DataError } from "../errors.ts";
import { mat3, orthonormalize, type PlaneClass, type Vec3 } from "../geometry/index.ts";
import type { PlanesUNet } from "../models/index.ts";
import { checkOptions, type KeysOf } from "../options.ts";
import type { Random } from "../random.ts";
import { posesFor, type ScoutCase, scoutCase } from "./cases.ts";
import type { ScoutNetConfig } from "./config.ts";
import { type FoundScouts, findLandmarks, observations, type UsualSpread } from "./predict.ts";
import type { Equipment, MeanHead } from "./scout-model.ts";
import { type Head, type HeadTruth, landmarkTargets, planeOrder, scoutPlanes } from "./scouts/index.ts";

/** Scouts that go through the network together. */
const together = 16;

/** Finds the landmarks of many cases in batches. */
export async function findAll(
  model: PlanesUNet,
  device: Device,
  cases: readonly ScoutCase[],
  net: ScoutNetConfig,
): Promise<FoundScouts[]> {
  const out: FoundScouts[] = [];
  for (let at = 0; at < cases.length; at += together)
    out.push(
      ...(await findLandmarks(
        model,
        device,
        cases.slice(at, at + together).map((c) => c.scouts),
        net,
      )),
    );
  return out;
}

const median = (v: readonly number[]): number => [...v].sort((a, b) => a - b)[Math.floor(v.length / 2)];

/** Found minus true of every landmark of every case, mm in the scout's plane. */
export function landmarkMisses(
  cases: readonly ScoutCase[],
  found: readonly FoundScouts[],
  net: ScoutNetConfig,
): LandmarkMiss[] {
  const planes = scoutPlanes();
  return cases.flatMap((c, n) => {
    const targets = landmarkTargets(c.truth!, planes, net.landmarks);
    return found[n].flatMap(({ planeClass: plane, landmarks }) =>
      landmarks.flatMap((l, k): LandmarkMiss[] => {
        const t = targets[plane][k];
        const mm = planes[plane].spacing;
        return t.outside
          ? []
          : [{ name: l.name, plane, errorMm: [(l.pixel[0] - t.pixel[0]) * mm[1], (l.pixel[1] - t.pixel[1]) * mm[0]] }];
      }),
    );
  });
}

/** Mean orientation and size of heads in their natural pose. */
export const meanHead = (truths: readonly HeadTruth[]): MeanHead => {
  const mean = (pick: (t: HeadTruth) => Vec3): Vec3 =>
    [0, 1, 2].map((k) => truths.reduce((s, t) => s + pick(t)[k], 0) / truths.length) as unknown as Vec3;
  const columns = orthonormalize(
    mat3.fromColumns(
      mean((t) => t.axes[0]),
      mean((t) => t.axes[1]),
      mean((t) => t.axes[2]),
    ),
  );
  return {
    axes: [mat3.column(columns, 0), mat3.column(columns, 1), mat3.column(columns, 2)],
    sizeMm: mean((t) => t.size),
  };
};

export interface EquipReport {
  /** Median distance of found to true landmarks, mm, on the heads that were held out. */
  readonly landmarkMm: number;
  readonly corrector: CorrectorReport | null;
}

const equipKeys: KeysOf<{
  train: readonly Head[];
  heldOut: readonly Head[];
  net: ScoutNetConfig;
  random: Random;
  posesPerHead?: number;
}> = { train: 1, heldOut: 1, net: 1, random: 1, posesPerHead: 1 };

/**
 * The template of the training heads, before the network's own errors are known. Throws DataError for what the estimator
 * could not be made from, so that a training can ask before its first step: too few heads with truth, landmarks that no head
 * has, held-out heads that show none.
 */
export const bareTemplate = (train: readonly Head[], heldOut: readonly Head[], net: ScoutNetConfig): Template => {
  const truths = train.map((h) => h.truth).filter((t) => t !== null);
  const judged = heldOut.filter((h) => h.truth !== null);
  if (truths.length < 3 || judged.length === 0)
    throw new DataError(
      `the estimator wants at least 3 training heads and 1 validation head with labels; there are ${truths.length} and ${judged.length}: name more subjects in split.json`,
    );
  const names = [...new Set(planeOrder.flatMap((p) => net.landmarks[p]))];
  const blind = judged.find((h) => names.every((n) => !h.truth?.landmarks[n]));
  if (blind)
    throw new DataError(
      `validation head ${blind.subject} has none of the ${names.length} landmarks of the network (${names.slice(0, 3).join(", ")}, ...); add its labels or leave it out of split.json`,
    );
  return fitTemplate(
    truths.map((t) => ({ ...t, axes: mat3.fromRows(...t.axes) })),
    { names },
  );
};

/**
 * Makes the estimator for a trained network: the template from the training heads, the network's own errors and usual
 * heat-map widths from heads it was not trained on, and a corrector if one helps unseen heads.
 */
export async function equip(
  model: PlanesUNet,
  device: Device,
  options: {
    train: readonly Head[];
    heldOut: readonly Head[];
    net: ScoutNetConfig;
    random: Random;
    posesPerHead?: number;
  },
): Promise<{ equipment: Equipment; report: EquipReport }> {
  const { train, heldOut, net, random, posesPerHead = 6 } = checkOptions("equip", options, equipKeys);
  const truths = train.map((h) => h.truth).filter((t) => t !== null);
  const judged = heldOut.filter((h) => h.truth !== null);
  const bare = bareTemplate(train, heldOut, net);
  const cases = judged.flatMap((head) =>
    posesFor(random, head.subject, posesPerHead).map((pose, i) =>
      scoutCase(head, pose, random.fork(`scouts ${head.subject} ${i}`)),
    ),
  );
  const found = await findAll(model, device, cases, net);
  const misses = landmarkMisses(cases, found, net);
  const template = withErrors(bare, misses);
  const spreads = (p: PlaneClass): number[] =>
    net.landmarks[p].map((_, k) => median(found.map((f) => f.find((s) => s.planeClass === p)!.landmarks[k].spreadMm)));
  const usual: UsualSpread = { sagittal: spreads("sagittal"), coronal: spreads("coronal"), axial: spreads("axial") };
  const samples: CorrectorSample[] = cases.map((c, n) => ({
    scouts: c.scouts.map((s) => s.plane),
    observations: observations(found[n], usual),
    truth: c.truth!,
    group: c.head.subject,
  }));
  const corrected = judged.length >= 3 ? fitCorrector(template, samples) : null;
  return {
    equipment: {
      format: "fiducial/equipment@1",
      template: corrected?.template ?? template,
      usualSpreadMm: usual,
      meanHead: meanHead(truths),
    },
    report: { landmarkMm: median(misses.map((m) => Math.hypot(...m.errorMm))), corrector: corrected?.report ?? null },
  };
}
