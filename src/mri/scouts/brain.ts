import { type Affine, mapPoint } from "../../geometry/index.ts";
import type { Volume } from "../../io/image.ts";
import { labelPoints } from "./labels.ts";

/** Centers of all brain voxels (label above 0), LPS mm triples: what a box is judged by. Throws DataError for no labels. */
export const brainPoints = (labels: Volume): Float64Array => labelPoints(labels).points;

/** The same points at another place, e.g. by `placement(truth, pose)`. */
export const movePoints = (points: Float64Array, map: Affine<"lps", "lps">): Float64Array => {
  const out = new Float64Array(points.length);
  for (let n = 0; n < points.length; n += 3) out.set(mapPoint(map, [points[n], points[n + 1], points[n + 2]]), n);
  return out;
};
