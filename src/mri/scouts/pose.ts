import {
  type Affine,
  add,
  dot,
  type Mat3,
  mapPoint,
  mat3,
  type Point3,
  rotationFromAngles,
  rotationFromVector,
  scale,
  sub,
  type Vec3,
  vectorFromRotation,
} from "../../geometry/index.ts";
import type { Volume } from "../../io/image.ts";
import { checkOptions, type KeysOf } from "../../options.ts";
import type { Random } from "../../random.ts";
import type { HeadAxes, HeadTruth } from "./head.ts";
import { mirroredName } from "./landmarks.ts";

/**
 * How a head lies in the scanner: in its natural pose it is brought with its box center to the isocenter (the origin),
 * turned about it by the rotation vector, then shifted. LPS, degrees and mm.
 */
export interface Pose {
  readonly rotvecDeg: Vec3;
  readonly shiftMm: Vec3;
}

export const naturalPose: Pose = { rotvecDeg: [0, 0, 0], shiftMm: [0, 0, 0] };

const drawPoseKeys: KeysOf<{ readonly maxAngleDeg?: number; readonly maxShiftMm?: number }> = {
  maxAngleDeg: 1,
  maxShiftMm: 1,
};

/** A random pose: three angles uniform in +-maxAngleDeg, applied about x, then y, then z; shifts uniform in +-maxShiftMm. */
export const drawPose = (
  random: Random,
  options: { readonly maxAngleDeg?: number; readonly maxShiftMm?: number } = {},
): Pose => {
  const { maxAngleDeg = 15, maxShiftMm = 15 } = checkOptions("drawPose", options, drawPoseKeys);
  const three = (limit: number): Vec3 => [
    random.uniform(-limit, limit),
    random.uniform(-limit, limit),
    random.uniform(-limit, limit),
  ];
  const angles = three(maxAngleDeg);
  return { rotvecDeg: vectorFromRotation(rotationFromAngles(angles)), shiftMm: three(maxShiftMm) };
};

/** Changes of the head itself that keep its frame a frame: mirrored left to right, stretched along its own axes. */
export interface HeadShape {
  /** Mirror the head in the plane through its box center; left and right landmarks change names. */
  readonly mirrored?: boolean;
  /** Factors along the head's own axes (left, posterior, superior), about the box center. */
  readonly stretch?: Vec3;
}

/** Axes of the volume for heads without truth: they are not judged, and may be mirrored in the patient's own frame. */
const patientAxes: HeadAxes = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

/** Map from the volume's patient frame to the scanner's, both LPS mm; `truth` needs only axes and center. */
export const placement = (
  truth: Pick<HeadTruth, "axes" | "center">,
  pose: Pose,
  { mirrored = false, stretch = [1, 1, 1] }: HeadShape = {},
): Affine<"lps", "lps"> => {
  // A' diag A with the head's axes as rows of A: the stretch and the mirror act along the head's own axes.
  const diagonal: Vec3 = [mirrored ? -stretch[0] : stretch[0], stretch[1], stretch[2]];
  const axes = mat3.fromRows(...truth.axes);
  const scaled = mat3.fromRows(...(truth.axes.map((a, k) => scale(a, diagonal[k])) as unknown as [Vec3, Vec3, Vec3]));
  const linear = mat3.multiply(rotationFromVector(pose.rotvecDeg), mat3.multiply(mat3.transpose(axes), scaled));
  return { linear, offset: sub(pose.shiftMm, mat3.apply(linear, truth.center as Vec3)) as Point3<"lps"> };
};

/** The placement of a head that has no truth: turned and mirrored about `center`. */
export const placementAbout = (center: Point3<"lps">, pose: Pose, shape: HeadShape = {}): Affine<"lps", "lps"> =>
  placement({ axes: patientAxes, center }, pose, shape);

/** The same voxels at another place. */
export const moveVolume = (volume: Volume, map: Affine<"lps", "lps">): Volume => ({
  size: volume.size,
  data: volume.data,
  affine: {
    linear: mat3.multiply(map.linear, volume.affine.linear),
    offset: add(mat3.apply(map.linear, volume.affine.offset as Vec3), map.offset as Vec3) as Point3<"lps">,
  },
});

/**
 * The truth of a head in a pose: exact, for it is moved like the head. In a mirrored head the axes still point to the
 * patient's left, posterior and superior, and landmarks have swapped sides.
 */
export const posedTruth = (truth: HeadTruth, pose: Pose, shape: HeadShape = {}): HeadTruth => {
  const { mirrored = false, stretch = [1, 1, 1] } = shape;
  const map = placement(truth, pose, shape);
  const turn: Mat3 = rotationFromVector(pose.rotvecDeg);
  const landmarks: Record<string, Point3<"lps">> = {};
  for (const [name, point] of Object.entries(truth.landmarks))
    landmarks[mirrored ? mirroredName(name) : name] = mapPoint(map, point);
  const stretched = truth.callosalPitchDeg === null ? null : stretchedPitch(truth.callosalPitchDeg, stretch);
  return {
    axes: truth.axes.map((a) => mat3.apply(turn, a)) as unknown as HeadAxes,
    center: pose.shiftMm as Point3<"lps">,
    size: truth.size.map((s, k) => s * stretch[k]) as unknown as Vec3,
    landmarks,
    callosalPitchDeg: stretched,
  };
};

/** A line's slope in the sagittal plane after stretching along posterior and superior. */
const stretchedPitch = (degrees: number, stretch: Vec3): number => {
  const line: Vec3 = [
    0,
    stretch[1] * Math.cos((degrees * Math.PI) / 180),
    stretch[2] * Math.sin((degrees * Math.PI) / 180),
  ];
  return (Math.atan2(dot(line, [0, 0, 1]), dot(line, [0, 1, 0])) * 180) / Math.PI;
};
