import type { PlaneClass, Vec3 } from "../../geometry/index.ts";
import { checkOptions, type KeysOf } from "../../options.ts";
import type { Random } from "../../random.ts";
import type { CutOptions } from "./cut.ts";
import type { Head, HeadTruth } from "./head.ts";
import { addRician } from "./noise.ts";
import { normalizeGray } from "./normalize.ts";
import { networkGrid, type ScoutGrid } from "./planes.ts";
import { drawPose, type HeadShape, type Pose, posedTruth } from "./pose.ts";
import { areaSamples } from "./reslice.ts";
import { type ScoutImage, sliceHead } from "./scouts.ts";
import { applyBias, applyTone, drawBiasField, drawToneCurve } from "./tone.ts";
import { volumeFacts } from "./volume-facts.ts";

/** How far training heads are changed; each number is a spread, and 0 turns its change off (gamma: 1). */
export interface Augmentation extends CutOptions {
  /** Largest angle about each axis, degrees. Wider than what is tested: poses at the rim are the tail of the errors. */
  readonly maxAngleDeg: number;
  readonly maxShiftMm: number;
  /** Probability of a mirrored head. */
  readonly mirror: number;
  /** Largest relative stretch along each of the head's own axes. */
  readonly stretch: number;
  /** Spread (natural log) of the gray curve's slopes. */
  readonly contrast: number;
  /** Largest exponent of the gray curve; the smallest is its reciprocal. */
  readonly gamma: number;
  /** Spread (natural log) of the bias field at 100 mm. */
  readonly bias: number;
  /** Largest deviation of the noise, as a share of the brightest tissue. */
  readonly noise: number;
  /** Largest relative error of an image's gain after normalization. */
  readonly gain: number;
}

export const defaultAugmentation: Augmentation = {
  // Higher than scouts are cut, for volumes that end just below the brain.
  neckCutMm: [-125, -80],
  maxAngleDeg: 20,
  maxShiftMm: 20,
  mirror: 0.5,
  stretch: 0.1,
  contrast: 0.3,
  gamma: 1.5,
  bias: 0.25,
  noise: 0.06,
  gain: 0.15,
};
/** Its own names are all there are. */
const augmentationKeys = Object.fromEntries(
  Object.keys(defaultAugmentation).map((k) => [k, 1]),
) as unknown as KeysOf<Augmentation>;

/** Three scouts on the network's grid, and the truth that goes with them. */
export interface TrainingTriplet {
  /** In the order of `planeOrder`; each scout's `data` is a view of `images`. */
  readonly scouts: readonly ScoutImage[];
  /** [3, size, size], normalized for the network. */
  readonly images: Float32Array;
  readonly planes: Readonly<Record<PlaneClass, ScoutImage["plane"]>>;
  readonly pose: Pose;
  readonly shape: HeadShape;
  /** Null for a head without labels. */
  readonly truth: HeadTruth | null;
}

const drawShape = (random: Random, { mirror, stretch }: Augmentation): HeadShape => ({
  mirrored: random.uniform() < mirror,
  stretch: [0, 1, 2].map(() => 1 + random.uniform(-stretch, stretch)) as unknown as Vec3,
});

/**
 * One training sample of a head, resliced directly on the network's grid: pose, mirror and stretch of the head, then
 * contrast, bias field, noise and gain of the images. All three scouts share the head's shape, contrast, bias field
 * and noise level, as scouts of one examination do. `random` decides everything: fork it by sample.
 */
export const trainingTriplet = (
  head: Head,
  random: Random,
  augmentation: Partial<Augmentation> = {},
  grid: ScoutGrid = networkGrid,
): TrainingTriplet => {
  const a = { ...defaultAugmentation, ...checkOptions("augmentation", augmentation, augmentationKeys) };
  const { maxAngleDeg, maxShiftMm, neckCutMm, reachMm } = a;
  const pose = drawPose(random.fork("pose"), { maxAngleDeg, maxShiftMm });
  const shape = drawShape(random.fork("shape"), a);
  const sliced = sliceHead(head, pose, {
    ...{ random, grid, shape, neckCutMm, reachMm },
    samples: areaSamples(grid.thicknessMm),
  });
  const gray = random.fork("grey");
  const curve = drawToneCurve(gray, a.contrast, a.gamma);
  const field = drawBiasField(gray, a.bias);
  const deviation = gray.uniform(0, a.noise);
  const { bright } = volumeFacts(head.volume);
  const pixels = grid.size * grid.size;
  const images = new Float32Array(3 * pixels);
  const scouts = sliced.map((scout, k): ScoutImage => {
    const data = images.subarray(k * pixels, (k + 1) * pixels);
    data.set(scout.data);
    applyTone(data, curve, bright);
    if (a.bias > 0) applyBias(data, scout.plane, field);
    addRician(data, deviation, gray.fork(scout.planeClass));
    normalizeGray(data, 1 + gray.uniform(-a.gain, a.gain));
    return { ...scout, data };
  });
  const planes = Object.fromEntries(scouts.map((s) => [s.planeClass, s.plane])) as TrainingTriplet["planes"];
  return { scouts, images, planes, pose, shape, truth: head.truth ? posedTruth(head.truth, pose, shape) : null };
};
