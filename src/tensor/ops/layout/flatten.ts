import { ShapeError } from "../../../errors.ts";
import { copyStrided } from "../../../kernels/layout/strided.ts";
import { apply, type Op } from "../../apply.ts";
import { normalizeAxes, show, sizeOf } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { reshape } from "./layout.ts";

/**
 * x with its dimensions from `start` to `end`, both included, as one (negative ones count from the end; by default all; 1 keeps a
 * batch apart). Of a scalar [1]. Shares memory.
 */
export function flatten(x: Tensor, start = 0, end = -1): Tensor {
  if (x.rank === 0) return reshape(x, [1]);
  const [from] = normalizeAxes("flatten", start, x.rank);
  const [to] = normalizeAxes("flatten", end, x.rank);
  if (from > to)
    throw new ShapeError(
      `flatten: start ${start} comes after end ${end} in ${show(x.shape)}; give the first dimension and the last`,
    );
  return reshape(x, [...x.shape.slice(0, from), sizeOf(x.shape.slice(from, to + 1)), ...x.shape.slice(to + 1)]);
}

const cloneOp: Op<undefined> = {
  name: "clone",
  takes: "any",
  shape: ([x]) => x,
  forward(ctx, [x]) {
    const y = ctx.empty();
    const all = { offset: 0, strides: [1] };
    copyStrided(ctx.device, { binding: x.binding("x"), ...all }, { binding: y.binding(), ...all }, [x.size]);
    return y;
  },
  backward: (_, g) => [g],
};

/** The same numbers in memory of their own, so that `write()` to one leaves the other; the gradient flows through. */
export const clone = (x: Tensor): Tensor => apply(cloneOp, [x], undefined);
