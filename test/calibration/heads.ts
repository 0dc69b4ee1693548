import { existsSync, readFileSync } from "node:fs";
import type { LandmarkObservation, Scout, TrainingHead } from "../../src/calibration/index.ts";
import {
  angleBetween,
  type Mat3,
  type OrientedBox,
  type PlaneClass,
  type Point3,
  pixelFromPatient,
  rotationFromAngles,
  type Vec3,
  vectorFromRotation,
} from "../../src/geometry/index.ts";
import { apply, fromRows, multiply, row, transpose } from "../../src/geometry/mat3.ts";
import { add, distance, sub } from "../../src/geometry/vec3.ts";
import { readNifti } from "../../src/io/nifti/read.ts";
import { labelPoints, landmarkSets, surfaceLandmarks } from "../../src/mri/scouts/index.ts";
import type { Random } from "../../src/random.ts";

const uid = "1.2.3.4";
export const size = 256;
const half = (size - 1) / 2;

/** Three orthogonal scouts of 1 mm pixels through the isocenter, as a scanner orients them. */
export const scouts: readonly Scout[] = [
  { position: [0, -half, half], columnDirection: [0, 1, 0], rowDirection: [0, 0, -1] },
  { position: [-half, 0, half], columnDirection: [1, 0, 0], rowDirection: [0, 0, -1] },
  { position: [-half, -half, 0], columnDirection: [1, 0, 0], rowDirection: [0, 1, 0] },
].map(
  (p) =>
    ({ ...p, spacing: [1, 1], rows: size, columns: size, thickness: 5, frameOfReference: uid }) as unknown as Scout,
);
export const classes: readonly PlaneClass[] = ["sagittal", "coronal", "axial"];
export type Sets = Readonly<Record<PlaneClass, readonly string[]>>;

/** A head in a pose: truth in the scouts' frame. */
export interface PosedHead {
  readonly axes: Mat3;
  readonly center: Point3<"lps">;
  readonly size: Vec3;
  readonly landmarks: Readonly<Record<string, Point3<"lps">>>;
}

/** The head with its box center at the isocenter, turned about it by R, then shifted. */
export const pose = (head: TrainingHead, turn: Mat3, shift: Vec3): PosedHead => ({
  axes: multiply(head.axes, transpose(turn)),
  center: shift,
  size: head.size,
  landmarks: Object.fromEntries(
    Object.entries(head.landmarks).map(([n, p]) => [n, add(apply(turn, sub(p, head.center)), shift)]),
  ),
});

/** Angles uniform in +-`deg` about x, y, z and shifts uniform in +-`mm`, as `mri evaluate` draws them. */
export const randomPose = (head: TrainingHead, rng: Random, deg = 15, mm = 15): PosedHead => {
  const three = (r: number): Vec3 => [rng.uniform(-r, r), rng.uniform(-r, r), rng.uniform(-r, r)];
  const turn = rotationFromAngles(three(deg));
  return pose(head, turn, three(mm));
};

/** Where a perfect finder, or one with normal errors (mm), sees a posed head's landmarks. */
export const observe = (
  head: PosedHead,
  sets: Sets,
  o: { sigma?: number; rng?: Random; sigmaMm?: number | null; planes?: readonly Scout[] } = {},
): LandmarkObservation[] => {
  const planes = o.planes ?? scouts;
  return planes.flatMap((plane, scout) =>
    sets[classes[scout]].map((name) => {
      const { pixel } = pixelFromPatient(plane, head.landmarks[name]);
      const noise = (step: number) => (o.sigma && o.rng ? o.rng.normal(0, o.sigma / step) : 0);
      return {
        name,
        scout,
        pixel: [pixel[0] + noise(plane.spacing[1]), pixel[1] + noise(plane.spacing[0])] as const,
        confidence: 1,
        sigmaMm: o.sigmaMm === undefined ? o.sigma || 0.3 : o.sigmaMm,
      };
    }),
  );
};

/** Errors of an estimated box against a posed head: written from the definitions, with nothing of src/calibration. */
export const errorsOf = (box: OrientedBox, truth: PosedHead) => {
  const estimated = transpose(fromRows(...box.axes));
  const reference = transpose(truth.axes);
  return {
    center: distance(box.center, truth.center),
    total: angleBetween(reference, estimated),
    rotvec: vectorFromRotation(multiply(truth.axes, estimated)),
    size: sub(box.size, truth.size),
  };
};

export const quantile = (v: readonly number[], q: number): number => {
  const s = [...v].sort((a, b) => a - b);
  return s[Math.min(s.length - 1, Math.floor(q * s.length))];
};

const folder = new URL("../../../shared/data/ixi2mm/", import.meta.url);
export const ixiIsHere = existsSync(new URL("truth.json", folder));

/** The landmarks of a head's surface, from its label volume; truth.json does not have them. */
const surfaceOf = (id: string, axes: Mat3): Readonly<Record<string, Point3<"lps">>> => {
  const file = readFileSync(new URL(`labels/${id}.nii.gz`, folder));
  const labels = readNifti(new Uint8Array(file.buffer, file.byteOffset, file.byteLength));
  return surfaceLandmarks(labelPoints(labels).points, rows(axes));
};

const rows = (axes: Mat3): readonly [Vec3, Vec3, Vec3] => [row(axes, 0), row(axes, 1), row(axes, 2)];

/** The heads of ../shared/data/ixi2mm by split with the landmarks of their surface, and the landmark sets. */
export const ixi = (): {
  sets: Sets;
  heads: Record<"train" | "test", { id: string; head: TrainingHead }[]>;
} => {
  const json = (name: string) => JSON.parse(readFileSync(new URL(name, folder), "utf8"));
  const truth = json("truth.json");
  const split = json("split.json");
  const read = (id: string) => {
    const s = truth.subjects[id];
    const axes = s.axes.flat() as Mat3;
    const landmarks = { ...s.landmarks_mm, ...surfaceOf(id, axes) };
    return { id, head: { axes, center: s.centre_mm, size: s.size_mm, landmarks } };
  };
  return {
    sets: landmarkSets,
    heads: { train: split.train.map(read), test: split.test.map(read) },
  };
};
