import { ShapeError } from "../../../errors.ts";
import { checkOptions } from "../../../options.ts";
import { noGrad, tidy } from "../../scope.ts";
import { type Axes, normalizeAxes, show } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { inFloat32 } from "../elementwise/cast.ts";
import { add, clamp, exp, log, sub } from "../elementwise/elementwise.ts";
import { squeeze } from "../layout/join.ts";
import { max, type ReduceOptions, reduceKeys, sum } from "./reduce.ts";

const largest = 3.4028234663852886e38;

/**
 * ln of the sum of exp(x) over `axis` (all by default; negative ones count from the end), without overflow: the largest entry
 * is taken out first. The gradient is softmax. Throws ShapeError for an axis that x has not, or along which it has nothing.
 */
export function logsumexp(x: Tensor, axis?: Axes, options: ReduceOptions = {}): Tensor {
  const { keepDims = false } = checkOptions("logsumexp", options, reduceKeys);
  const axes = normalizeAxes("logsumexp", axis, x.rank);
  if (axes.some((a) => x.shape[a] === 0))
    throw new ShapeError(
      `logsumexp: the tensor ${show(x.shape)} has nothing along axes [${axes.join(", ")}]; give axes with entries`,
    );
  if (x.dtype === "f16") return inFloat32([x], ([wide]) => logsumexp(wide, axes, { keepDims }));
  return tidy(() => {
    // Finite, so that infinities do not meet in a difference.
    const top = noGrad(() => clamp(max(x, axes, { keepDims: true }), -largest, largest));
    const y = add(log(sum(exp(sub(x, top)), axes, { keepDims: true })), top);
    return keepDims ? y : squeeze(y, axes);
  });
}
