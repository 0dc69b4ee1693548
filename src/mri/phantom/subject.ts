import { fromColumns, type Mat3 } from "../../geometry/mat3.ts";
import { rotationFromVector } from "../../geometry/rotation.ts";
import type { Vec3 } from "../../geometry/vec3.ts";
import type { Random } from "../../random.ts";

/** How bright each tissue is, white matter near the skull being 1 before the coil's shading. */
export interface Contrast {
  csf: number;
  gray: number;
  white: number;
  cerebellarGray: number;
  thalamus: number;
  putamen: number;
  caudate: number;
  pallidum: number;
  hippocampus: number;
  stem: number;
  callosum: number;
  skin: number;
  fat: number;
  scalp: number;
  muscle: number;
  bone: number;
  marrow: number;
  mucosa: number;
  tongue: number;
  eye: number;
  cord: number;
  vessel: number;
  air: number;
}

/** All that is drawn once for a head; fields over space are drawn from its noise. */
export interface Subject {
  /** Millimeters of this head per millimeter of the mean head, along its own axes. */
  readonly scale: Vec3;
  /** Columns: left, posterior and superior of the anatomy, in LPS. */
  readonly rotation: Mat3;
  /** Where the box's middle lies from the volume's, LPS mm. */
  readonly shift: Vec3;
  /** Where the volume's middle lies in the scanner, LPS mm. */
  readonly middle: Vec3;
  readonly contrast: Contrast;
  /** Gray value of white matter in 0..255. */
  readonly gain: number;
  /** Extra brightness at the head's middle, which a surface coil's uniformity correction leaves. */
  readonly shading: number;
  /** 0.. 1: wider ventricles and sulci. */
  readonly atrophy: number;
  readonly scalpThickness: number;
  readonly skullThickness: number;
  readonly corticalThickness: number;
  readonly sulcusSpacing: number;
  readonly sulcusDepth: number;
  readonly noseLength: number;
  readonly chin: number;
  /** Where the insula and the Sylvian fissure lie off their mean place, in y and z, mm. */
  readonly islandShift: readonly [number, number];
  /** Relative. */
  readonly neckWidth: number;
}

export interface PoseOptions {
  /** Rotation of the head as a rotation vector in degrees, LPS; drawn like a lying adult's when left out. */
  readonly rotation?: Vec3;
  /** Where the box's middle lies from the volume's, LPS mm; drawn when left out. */
  readonly shift?: Vec3;
  /** Factor on the spread of drawn poses; 1 is what adults in a head coil show. */
  readonly poseSpread?: number;
}

/** Means and standard deviations of size and pose: 90 heads of IXI (CC BY-SA 3.0). */
export function drawSubject(random: Random, options: PoseOptions): Subject {
  const n = (mean: number, deviation: number): number => {
    // Normal, cut at 2.5 deviations: a head is never absurd.
    const v = random.normal();
    return mean + deviation * Math.max(-2.5, Math.min(2.5, v));
  };
  const u = (low: number, high: number): number => random.uniform(low, high);
  const size = n(0, 1);
  // Correlation 0.5 between the axes: half of each axis' variance is common.
  const scale = [0.0354, 0.0464, 0.0467].map((d) => 1 / (1 + d * (0.7 * size + 0.7 * n(0, 1)))) as unknown as Vec3;
  const spread = options.poseSpread ?? 1;
  const turn: Vec3 = [n(-3.3, 6.8 * spread), n(0, 1.6 * spread), n(0, 1.6 * spread)];
  const rotation = rotationFromVector(options.rotation ?? turn);
  const shift: Vec3 = [n(0, 1.5), n(12.6, 4.4), n(18.6, 6.6)];
  const white = 1;
  const deep = u(0.86, 0.94);
  const contrast: Contrast = {
    csf: n(0.3, 0.04),
    gray: n(0.71, 0.035),
    white,
    cerebellarGray: n(0.8, 0.035),
    thalamus: deep,
    putamen: deep - u(0.02, 0.07),
    caudate: deep - u(0.06, 0.12),
    pallidum: u(0.93, 1),
    hippocampus: n(0.73, 0.03),
    stem: n(0.99, 0.03),
    callosum: n(1.07, 0.03),
    skin: n(0.5, 0.06),
    fat: n(0.98, 0.1),
    scalp: n(0.66, 0.07),
    muscle: n(0.68, 0.06),
    bone: n(0.17, 0.03),
    marrow: n(0.42, 0.1),
    mucosa: n(0.55, 0.08),
    tongue: n(0.78, 0.06),
    eye: n(0.25, 0.04),
    cord: n(0.95, 0.06),
    vessel: n(1.4, 0.2),
    air: 0.02,
  };
  return {
    scale,
    rotation,
    shift: options.shift ?? shift,
    middle: [n(0, 5), n(0, 8), n(0, 12)],
    contrast,
    gain: n(110, 14),
    shading: n(0.3, 0.07),
    atrophy: u(0, 1) ** 1.5,
    scalpThickness: n(6, 1),
    skullThickness: n(4.6, 0.9),
    corticalThickness: n(2.6, 0.2),
    sulcusSpacing: n(11, 0.8),
    sulcusDepth: n(16, 1.5),
    noseLength: n(0, 2.5),
    chin: n(0, 3),
    islandShift: [n(0, 2.5), n(0, 2)],
    neckWidth: n(1, 0.06),
  };
}

/** Rows to columns: the truth files hold the axes as rows. */
export const axesOf = (rotation: Mat3): Mat3 =>
  fromColumns(
    [rotation[0], rotation[1], rotation[2]],
    [rotation[3], rotation[4], rotation[5]],
    [rotation[6], rotation[7], rotation[8]],
  );
