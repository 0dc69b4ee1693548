import type { Affine, Plane, PlaneClass, Point3 } from "../../geometry/index.ts";
import type { Image } from "../../io/image.ts";
import { checkOptions, type KeysOf } from "../../options.ts";
import type { Random } from "../../random.ts";
import { clearAir } from "./clear-air.ts";
import { type CutOptions, cutImage, fieldOfView } from "./cut.ts";
import type { Head } from "./head.ts";
import { addRician } from "./noise.ts";
import { planeOrder, type ScoutGrid, scannerGrid, scoutPlanes } from "./planes.ts";
import { type HeadShape, moveVolume, type Pose, placement, placementAbout } from "./pose.ts";
import { type PixelSample, reslice, thicknessSamples } from "./reslice.ts";
import { tissueCenter, volumeFacts } from "./volume-facts.ts";

/** One scout: an image that knows its place in the scanner. */
export interface ScoutImage extends Image {
  readonly channels: 1;
  readonly data: Float32Array;
  readonly plane: Plane;
  readonly planeClass: PlaneClass;
}

export interface SimulateOptions extends CutOptions {
  /** Decides the height of the neck's cut and the noise. */
  readonly random: Random;
  /** Default `scannerGrid`: 256 x 256 pixels of 1 mm, 5 mm thick. */
  readonly grid?: ScoutGrid;
  /** Standard deviation of the noise in each part of the signal, as a share of the brightest tissue. Default 0.02. */
  readonly noise?: number;
  readonly shape?: HeadShape;
  /** Point of the volume (LPS mm) that is brought to the isocenter; default: see `headPlacement`. */
  readonly center?: Point3<"lps">;
  /** Samples of a pixel; default `thicknessSamples`. */
  readonly samples?: readonly PixelSample[];
}
const simulateKeys: KeysOf<SimulateOptions> = {
  random: 1,
  grid: 1,
  noise: 1,
  shape: 1,
  center: 1,
  samples: 1,
  neckCutMm: 1,
  reachMm: 1,
};

/** Where the head goes: about `center`, else its box center, or without truth the middle of its tissue. */
export const headPlacement = (
  head: Head,
  pose: Pose,
  shape?: HeadShape,
  center?: Point3<"lps">,
): Affine<"lps", "lps"> =>
  head.truth
    ? placement({ axes: head.truth.axes, center: center ?? head.truth.center }, pose, shape)
    : placementAbout(center ?? (tissueCenter(head.volume) as Point3<"lps">), pose, shape);

const sliceHeadKeys: KeysOf<Omit<SimulateOptions, "noise">> = {
  random: 1,
  grid: 1,
  shape: 1,
  center: 1,
  samples: 1,
  neckCutMm: 1,
  reachMm: 1,
};

/** The three scouts before noise, in the volume's gray values, with the field of view cut to one fixed to the scanner. */
export const sliceHead = (head: Head, pose: Pose, options: Omit<SimulateOptions, "noise">): readonly ScoutImage[] => {
  checkOptions("sliceHead", options, sliceHeadKeys);
  const { random, grid = scannerGrid, shape, center, samples = thicknessSamples(grid.thicknessMm) } = options;
  const facts = volumeFacts(head.volume);
  const map = headPlacement(head, pose, shape, center);
  const view = fieldOfView(head.volume, facts, map, random.fork("field of view"), options);
  const moved = moveVolume(clearAir(head.volume), map);
  const planes = scoutPlanes(grid);
  return planeOrder.map((planeClass) => {
    const plane = planes[planeClass];
    const { data } = reslice(moved, plane, { samples });
    cutImage(data, plane, view);
    return { width: grid.size, height: grid.size, channels: 1, data, plane, planeClass };
  });
};

/**
 * The three orthogonal scouts of a head in a pose, through the scanner's isocenter: sagittal, coronal, axial. Their
 * geometry is the same for every head and pose. Air is nothing but noise, inside the volume as outside it.
 */
export const simulateScouts = (head: Head, pose: Pose, options: SimulateOptions): readonly ScoutImage[] => {
  checkOptions("simulateScouts", options, simulateKeys);
  const { noise = 0.02, ...cut } = options;
  const scouts = sliceHead(head, pose, cut);
  const deviation = noise * volumeFacts(head.volume).bright;
  for (const scout of scouts) addRician(scout.data, deviation, cut.random.fork(`noise ${scout.planeClass}`));
  return scouts;
};
