import {
  cross,
  dot,
  normal,
  normalize,
  type Plane,
  type PlaneClass,
  type Point2,
  pixelFromPatient,
  scale,
  sub,
  type Vec3,
} from "../../geometry/index.ts";
import type { HeadTruth } from "./head.ts";
import { landmarkSets } from "./landmarks.ts";

/** Order of the three scouts wherever they stand in a list or in a tensor. */
export const planeOrder: readonly PlaneClass[] = ["sagittal", "coronal", "axial"];

/** A square pixel grid for scouts. */
export interface ScoutGrid {
  /** Pixels along each side. */
  readonly size: number;
  readonly pixelMm: number;
  readonly thicknessMm: number;
}

/** What a scanner delivers. */
export const scannerGrid: ScoutGrid = { size: 256, pixelMm: 1, thicknessMm: 5 };
/** What the network sees: the same field of view. */
export const networkGrid: ScoutGrid = { size: 128, pixelMm: 2, thicknessMm: 5 };

/** How scouts are shown (radiological): where columns and rows run. */
const canonical: Readonly<Record<PlaneClass, { readonly column: Vec3; readonly row: Vec3 }>> = {
  sagittal: { column: [0, 1, 0], row: [0, 0, -1] },
  coronal: { column: [1, 0, 0], row: [0, 0, -1] },
  axial: { column: [1, 0, 0], row: [0, 1, 0] },
};

/** A canonical plane of the class whose image center lies at `center`. */
const centered = (column: Vec3, row: Vec3, grid: ScoutGrid, center: Vec3): Plane => {
  const half = ((grid.size - 1) / 2) * grid.pixelMm;
  return {
    position: sub(sub(center, scale(column, half)), scale(row, half)) as Plane["position"],
    columnDirection: column,
    rowDirection: row,
    spacing: [grid.pixelMm, grid.pixelMm],
    rows: grid.size,
    columns: grid.size,
    thickness: grid.thicknessMm,
  };
};

/** The three planes through the scanner's isocenter; they know nothing of the head. */
export const scoutPlanes = (grid: ScoutGrid = scannerGrid): Readonly<Record<PlaneClass, Plane>> => {
  const of = (c: PlaneClass) => centered(canonical[c].column, canonical[c].row, grid, [0, 0, 0]);
  return { sagittal: of("sagittal"), coronal: of("coronal"), axial: of("axial") };
};

/**
 * The network's plane for an image that lies anywhere: in the image's own plane, around its center, turned so that
 * columns and rows run as they are shown for its class. It depends on where the pixels lie, not on how they are stored.
 */
export const canonicalPlane = (image: Plane, planeClass: PlaneClass, center: Vec3, grid: ScoutGrid): Plane => {
  const { column, row } = canonical[planeClass];
  const n = normal(image);
  const across = normalize(sub(column, scale(n, dot(n, column))));
  const down = cross(n, across);
  return centered(across, dot(down, row) < 0 ? scale(down, -1) : down, grid, center);
};

/** A landmark as a scout should show it. */
export interface LandmarkTarget {
  readonly name: string;
  /** Foot of the perpendicular on the scout, column and row. */
  readonly pixel: Point2<"pixel">;
  /** How far the point lies from the scout's plane along its normal, mm: a projected point says nothing about it. */
  readonly offPlane: number;
  /** True where the pixel is not on the image: there is nothing to find. */
  readonly outside: boolean;
}

/**
 * Landmarks of a posed head on each scout, in the order of `sets`. One that the truth does not have (its label is
 * missing) keeps its place in the list: `outside` is set and its pixel is NaN.
 */
export const landmarkTargets = (
  truth: Pick<HeadTruth, "landmarks">,
  planes: Readonly<Record<PlaneClass, Plane>>,
  sets: Readonly<Record<PlaneClass, readonly string[]>> = landmarkSets,
): Readonly<Record<PlaneClass, readonly LandmarkTarget[]>> => {
  const of = (c: PlaneClass) => sets[c].map((name) => target(name, truth, planes[c]));
  return { sagittal: of("sagittal"), coronal: of("coronal"), axial: of("axial") };
};

const target = (name: string, { landmarks }: Pick<HeadTruth, "landmarks">, plane: Plane): LandmarkTarget => {
  const point = landmarks[name];
  if (!point) return { name, pixel: [Number.NaN, Number.NaN], offPlane: Number.NaN, outside: true };
  const { pixel, offPlane } = pixelFromPatient(plane, point);
  const [c, r] = pixel;
  return {
    name,
    pixel,
    offPlane,
    outside: !(c >= -0.5 && c <= plane.columns - 0.5 && r >= -0.5 && r <= plane.rows - 0.5),
  };
};
