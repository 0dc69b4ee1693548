import type { LandmarkObservation } from "../calibration/index.ts";
import type { Random } from "../random.ts";
import type { ScoutNetConfig } from "./config.ts";
import {
  drawPose,
  type Head,
  type HeadTruth,
  landmarkTargets,
  type Pose,
  planeOrder,
  posedTruth,
  type ScoutImage,
  scoutPlanes,
  simulateScouts,
} from "./scouts/index.ts";

/** A head in a pose before the scanner: its scouts, and where everything is, if that is known. */
export interface ScoutCase {
  readonly head: Head;
  readonly pose: Pose;
  readonly scouts: readonly ScoutImage[];
  readonly truth: HeadTruth | null;
}

/** Scouts of a head in a pose, as a scanner would give them. */
export const scoutCase = (head: Head, pose: Pose, random: Random): ScoutCase => ({
  head,
  pose,
  scouts: simulateScouts(head, pose, { random }),
  truth: head.truth && posedTruth(head.truth, pose),
});

/** `count` random poses for a subject; the same for a seed whatever other subjects there are. */
export const posesFor = (random: Random, subject: string, count: number): Pose[] => {
  const stream = random.fork("poses").fork(subject);
  return Array.from({ length: count }, () => drawPose(stream));
};

/** The landmarks where they truly are, as a perfect network would find them (to a third of a millimeter). */
export const trueObservations = (truth: HeadTruth, net: ScoutNetConfig): LandmarkObservation[] => {
  const targets = landmarkTargets(truth, scoutPlanes(), net.landmarks);
  return planeOrder.flatMap((p, scout) =>
    targets[p]
      .filter((t) => !t.outside)
      .map((t) => ({ name: t.name, scout, pixel: t.pixel, confidence: 1, sigmaMm: 0.3 })),
  );
};
