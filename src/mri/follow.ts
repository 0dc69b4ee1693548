import type { Calibration, CalibrationOptions } from "../calibration/index.ts";
import { type Affine, invertAffine, mapPoint, mat3, type OrientedBox, type Point3 } from "../geometry/index.ts";
import { dicomUid, type Image } from "../io/index.ts";
import { type BoxAgreement, boxAgreement, spread } from "../metrics/index.ts";
import type { Random } from "../random.ts";
import { type FoundScouts, findLandmarks } from "./predict.ts";
import { boxFromFound, type ScoutModel } from "./scout-model.ts";
import { type Head, headPlacement, type Pose, type ScoutImage, simulateScouts } from "./scouts/index.ts";

/** The box of a head in one more pose, beside the first box carried along with the head. */
export interface FollowedPose {
  readonly pose: Pose;
  readonly scouts: readonly ScoutImage[];
  readonly found: FoundScouts;
  readonly calibration: Calibration;
  /** The box of the first scouts, moved as the head was. */
  readonly carried: OrientedBox;
  /** The box found from that one; null where it was refused. */
  readonly agreement: BoxAgreement | null;
}

/** Median and maximum over all poses; null where so many were refused that there is none. */
export interface FollowSpread {
  readonly median: number | null;
  readonly max: number | null;
}

export interface Followed {
  readonly first: { readonly calibration: Calibration; readonly found: FoundScouts };
  readonly poses: readonly FollowedPose[];
  readonly summary: {
    readonly n: number;
    readonly refused: number;
    readonly centerMm: FollowSpread;
    readonly totalDeg: FollowSpread;
  };
}

export interface FollowOptions {
  /** Scouts of the head, and the pose in which they were simulated from its volume. */
  readonly scouts: readonly Image[];
  readonly pose: Pose;
  readonly head: Head;
  /** How the head is turned then, each from its natural pose: about the center of the first box, which lies at the isocenter. */
  readonly poses: readonly Pose[];
  /** Decides the noise of the scouts. */
  readonly random: Random;
  readonly calibration?: CalibrationOptions;
  /** Told before each part of the work; throw to stop it. */
  readonly onPart?: (part: {
    readonly done: number;
    readonly of: number;
    readonly text: string;
  }) => void | Promise<void>;
}

const carry = ({ linear }: Affine<"lps", "lps">, center: Point3<"lps">, { axes, size }: OrientedBox): OrientedBox => ({
  center,
  axes: axes.map((a) => mat3.apply(linear, a)) as unknown as OrientedBox["axes"],
  size,
});

/**
 * Does the box follow the head? Calibrates scouts of a head, turns and shifts its volume, calibrates the scouts of each
 * pose, and compares each box with the first one carried along. It shows that a network answers to the head and not to
 * the scanner; whether the box is right is for `evaluate` to tell, from labels.
 */
export const followHead = async (m: ScoutModel, o: FollowOptions): Promise<Followed> => {
  const { head, poses, random } = o;
  const of = 2 * poses.length + 2;
  let done = 0;
  const part = async (text: string): Promise<void> => o.onPart?.({ done: done++, of, text });

  await part("the first scouts");
  const [found] = await findLandmarks(m.model, m.device, [o.scouts], m.net);
  const first = { found, calibration: boxFromFound(m.equipment, o.scouts, found, o.calibration) };
  const back = invertAffine(headPlacement(head, o.pose));
  const center = mapPoint(back, first.calibration.box.center);
  const natural = carry(back, center, first.calibration.box);

  const turned: { scouts: readonly ScoutImage[]; carried: OrientedBox }[] = [];
  for (const [i, pose] of poses.entries()) {
    await part(`scouts of pose ${i + 1}`);
    const frameOfReference = dicomUid("turned head", head.subject, String(i));
    const scouts = simulateScouts(head, pose, { random: random.fork(i), center });
    const map = headPlacement(head, pose, undefined, center);
    turned.push({
      scouts: scouts.map((s) => ({ ...s, frameOfReference })),
      carried: carry(map, mapPoint(map, center), natural),
    });
  }
  await part(`landmarks of ${3 * poses.length} scouts`);
  const all = await findLandmarks(
    m.model,
    m.device,
    turned.map((t) => t.scouts),
    m.net,
  );
  const followed: FollowedPose[] = [];
  for (const [i, { scouts, carried }] of turned.entries()) {
    await part(`box of pose ${i + 1}`);
    const calibration = boxFromFound(m.equipment, scouts, all[i], o.calibration);
    const agreement = calibration.refusal ? null : boxAgreement(calibration.box, carried);
    followed.push({ pose: poses[i], scouts, found: all[i], calibration, carried, agreement });
  }
  // A refused pose counts as infinitely far off.
  const over = (pick: (a: BoxAgreement) => number): FollowSpread => {
    const { median, max } = spread(followed.map((f) => (f.agreement ? pick(f.agreement) : Number.POSITIVE_INFINITY)));
    return { median, max };
  };
  return {
    first,
    poses: followed,
    summary: {
      n: followed.length,
      refused: followed.filter((f) => f.calibration.refusal).length,
      centerMm: over((a) => a.centerMm),
      totalDeg: over((a) => a.totalDeg),
    },
  };
};

/** The fields of `metrics.json`: a pose's error is that between its box and the first box carried along. */
export const followJson = ({ poses, summary: s }: Followed) => ({
  poses: poses.map(({ pose, agreement, calibration }) => ({
    rotvec_deg: pose.rotvecDeg,
    shift_mm: pose.shiftMm,
    centre_mm: agreement?.centerMm ?? null,
    rotvec_error_deg: agreement?.rotvecDeg ?? null,
    total_deg: agreement?.totalDeg ?? null,
    iou: agreement?.iou ?? null,
    refused: calibration.refusal,
  })),
  summary: { n: s.n, refused: s.refused, centre_mm: s.centerMm, total_deg: s.totalDeg },
});
