import { add, type PlaneClass, type Point3, scale, type Vec3 } from "../../geometry/index.ts";
import type { Callosum } from "./callosum.ts";
import type { HeadAxes } from "./head.ts";
import { surfaceSets } from "./surface.ts";

/** Landmarks that are the centroid of one label; for a left/right name, of the label on each side (MUSE numbers). */
const midlineRegions = { third_ventricle: 4, fourth_ventricle: 11, brain_stem: 35 } as const;
const pairedRegions = {
  thalamus: [60, 59],
  putamen: [58, 57],
  caudate: [37, 36],
  hippocampus: [48, 47],
  cerebellar_white: [41, 40],
  frontal_white: [82, 81],
  occipital_white: [84, 83],
  parietal_white: [86, 85],
  temporal_white: [88, 87],
} as const;
/** Regions whose midpoint of left and right is a landmark of its own, for the sagittal scout. */
const midpoints = [
  "thalamus",
  "frontal_white",
  "occipital_white",
  "parietal_white",
  "temporal_white",
  "cerebellar_white",
] as const;

/** Labels of the vermis (three lobule groups, one landmark) and of the corpus callosum. */
export const vermisLabels: ReadonlySet<number> = new Set([71, 72, 73]);
export const callosumLabel = 95;

/** Names of the landmarks each scout should show. Why these: docs/landmarks.md. */
export const landmarkSets: Readonly<Record<PlaneClass, readonly string[]>> = {
  sagittal: [
    "third_ventricle",
    "fourth_ventricle",
    "brain_stem",
    "callosum_genu",
    "callosum_splenium",
    "vermis",
    "callosum_lowest_anterior",
    "callosum_lowest_posterior",
    "thalamus_midpoint",
    "frontal_white_midpoint",
    "occipital_white_midpoint",
    "parietal_white_midpoint",
    "temporal_white_midpoint",
    "cerebellar_white_midpoint",
    "box_centre",
    "face_anterior",
    "face_posterior",
    "face_superior",
    "face_inferior",
    ...surfaceSets.sagittal,
  ],
  coronal: [
    "third_ventricle",
    "brain_stem",
    "thalamus_left",
    "thalamus_right",
    "putamen_left",
    "putamen_right",
    "hippocampus_left",
    "hippocampus_right",
    "cerebellar_white_left",
    "cerebellar_white_right",
    "parietal_white_left",
    "parietal_white_right",
    "temporal_white_left",
    "temporal_white_right",
    "box_centre",
    "face_left",
    "face_right",
    "face_superior",
    "face_inferior",
    ...surfaceSets.coronal,
  ],
  axial: [
    "callosum_genu",
    "callosum_splenium",
    "third_ventricle",
    "thalamus_left",
    "thalamus_right",
    "putamen_left",
    "putamen_right",
    "caudate_left",
    "caudate_right",
    "frontal_white_left",
    "frontal_white_right",
    "occipital_white_left",
    "occipital_white_right",
    "box_centre",
    "face_left",
    "face_right",
    "face_anterior",
    "face_posterior",
    ...surfaceSets.axial,
  ],
};

/** True for points that are computed from the box and not from a structure: its center and its faces. */
export const isVirtual = (name: string): boolean => name === "box_centre" || name.startsWith("face_");

/** The name the landmark has in a mirrored head: left and right change places. */
export const mirroredName = (name: string): string =>
  name.endsWith("_left") ? `${name.slice(0, -5)}_right` : name.endsWith("_right") ? `${name.slice(0, -6)}_left` : name;

/** Center of the box and of its six faces. */
export const boxLandmarks = (axes: HeadAxes, center: Point3<"lps">, size: Vec3): Record<string, Point3<"lps">> => {
  const face = (axis: 0 | 1 | 2, sign: 1 | -1): Point3<"lps"> =>
    add(center as Vec3, scale(axes[axis], (sign * size[axis]) / 2));
  return {
    box_centre: center,
    face_left: face(0, 1),
    face_right: face(0, -1),
    face_anterior: face(1, -1),
    face_posterior: face(1, 1),
    face_superior: face(2, 1),
    face_inferior: face(2, -1),
  };
};

/** The landmarks that a head's centroids and callosum give; those whose labels are missing are left out. */
export const regionLandmarks = (
  centroids: ReadonlyMap<number, Point3<"lps">>,
  vermis: Point3<"lps"> | undefined,
  corpus: Callosum | undefined,
): Record<string, Point3<"lps">> => {
  const out: Record<string, Point3<"lps">> = {};
  const put = (name: string, point: Point3<"lps"> | undefined) => {
    if (point) out[name] = point;
  };
  for (const [name, label] of Object.entries(midlineRegions)) put(name, centroids.get(label));
  put("vermis", vermis);
  for (const [name, [left, right]] of Object.entries(pairedRegions)) {
    put(`${name}_left`, centroids.get(left));
    put(`${name}_right`, centroids.get(right));
  }
  for (const name of midpoints) {
    const [left, right] = pairedRegions[name].map((label) => centroids.get(label));
    if (left && right) put(`${name}_midpoint`, scale(add(left as Vec3, right as Vec3), 0.5) as Point3<"lps">);
  }
  put("callosum_genu", corpus?.genu);
  put("callosum_splenium", corpus?.splenium);
  put("callosum_lowest_anterior", corpus?.lowestAnterior);
  put("callosum_lowest_posterior", corpus?.lowestPosterior);
  return out;
};
