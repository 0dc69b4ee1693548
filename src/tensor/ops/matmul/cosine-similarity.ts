import { ConfigError, ShapeError } from "../../../errors.ts";
import { checkOptions, type KeysOf } from "../../../options.ts";
import { tidy } from "../../scope.ts";
import { broadcastShapes, normalizeAxes } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { inFloat32 } from "../elementwise/cast.ts";
import { div, maximum, mul } from "../elementwise/elementwise.ts";
import { norm } from "../reduce/norm.ts";
import { sum } from "../reduce/reduce.ts";

export interface CosineSimilarityOptions {
  /** The dimension of the vectors; a negative one counts from the end. Default 1. */
  readonly axis?: number | undefined;
  /** A shorter vector counts as one of this length. Default 1e-8. */
  readonly eps?: number | undefined;
}
const cosineKeys: KeysOf<CosineSimilarityOptions> = { axis: 1, eps: 1 };

/**
 * Cosine of the angle between the vectors of a and b along `axis`, which goes; the other dimensions broadcast. Each vector is
 * divided by its length, or by `eps` where that is more. Throws ShapeError for vectors of two lengths.
 */
export function cosineSimilarity(a: Tensor, b: Tensor, options: CosineSimilarityOptions = {}): Tensor {
  const { axis = 1, eps = 1e-8 } = checkOptions("cosineSimilarity", options, cosineKeys);
  if (!(eps > 0)) throw new ConfigError("eps", `cosineSimilarity: eps is ${eps}; give a small number above 0`);
  const shape = broadcastShapes("cosineSimilarity", a.shape, b.shape);
  if (shape.length === 0)
    throw new ShapeError("cosineSimilarity: a and b are scalars; they must hold vectors along an axis");
  const [along] = normalizeAxes("cosineSimilarity", axis, shape.length);
  if (a.dtype === "f16" && b.dtype === "f16") return inFloat32([a, b], ([x, y]) => cosineSimilarity(x, y, options));
  // From the end, a dimension has one number in both.
  const last = along - shape.length;
  const unit = (t: Tensor): Tensor => div(t, maximum(norm(t, last, { keepDims: true }), eps));
  return tidy(() => sum(mul(unit(a), unit(b)), last));
}
