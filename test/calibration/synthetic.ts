import type { TrainingHead } from "../../src/calibration/index.ts";
import { type Point3, rotationFromVector, type Vec3 } from "../../src/geometry/index.ts";
import { apply, transpose } from "../../src/geometry/mat3.ts";
import { add } from "../../src/geometry/vec3.ts";
import type { Random } from "../../src/random.ts";
import type { Sets } from "./heads.ts";

/** Mean places (mm along left, posterior, superior from the box's center); neither symmetric nor coplanar. */
const means: Readonly<Record<string, Vec3>> = {
  front: [2, -60, 5],
  back: [-1, 62, -8],
  top: [1, -5, 58],
  stem: [0, 12, -38],
  ventricle: [1, -8, 3],
  left_core: [24, 2, 4],
  right_core: [-23, 3, 5],
  left_lobe: [44, 18, -12],
  right_lobe: [-45, 17, -10],
  left_crown: [33, 25, 40],
  right_crown: [-31, 24, 42],
  low: [3, 38, -44],
  box_centre: [0, 0, 0],
  face_left: [66, 0, 0],
  face_top: [0, 0, 70],
};
export const names = Object.keys(means);
export const sets: Sets = {
  sagittal: ["front", "back", "top", "stem", "ventricle", "low", "box_centre", "face_top"],
  coronal: [
    "left_core",
    "right_core",
    "left_lobe",
    "right_lobe",
    "left_crown",
    "right_crown",
    "stem",
    "top",
    "face_left",
  ],
  axial: ["front", "back", "left_core", "right_core", "left_lobe", "right_lobe", "ventricle", "box_centre"],
};

/** A head of its own size whose landmarks scatter by `scatter` mm, with natural axes of its own. */
export const makeHead = (rng: Random, scatter = 1.5): TrainingHead => {
  const scale = [0, 1, 2].map(() => rng.normal(1, 0.04));
  const axes = transpose(rotationFromVector([rng.uniform(-8, 8), rng.uniform(-8, 8), rng.uniform(-8, 8)]));
  const center: Point3<"lps"> = [rng.uniform(-20, 20), rng.uniform(-20, 20), rng.uniform(-20, 20)];
  return {
    axes,
    center,
    size: [132 * scale[0], 170 * scale[1], 140 * scale[2]],
    landmarks: Object.fromEntries(
      names.map((n) => {
        const s = n === "box_centre" ? 0 : scatter;
        const p = means[n].map((v, k) => v * scale[k] + rng.normal(0, s)) as unknown as Vec3;
        return [n, add(center, apply(transpose(axes), p))];
      }),
    ),
  };
};

export const makeHeads = (rng: Random, n: number, scatter?: number): TrainingHead[] =>
  Array.from({ length: n }, () => makeHead(rng, scatter));
