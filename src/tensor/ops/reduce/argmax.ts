import { ShapeError } from "../../../errors.ts";
import { argmaxAxis } from "../../../kernels/reduce/argmax.ts";
import { checkOptions } from "../../../options.ts";
import { apply, type Op } from "../../apply.ts";
import { normalizeAxes, show, sizeOf } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { type ReduceOptions, reduceKeys } from "./reduce.ts";

interface ArgAttrs {
  readonly axis: number;
  readonly keepDims: boolean;
}

const argOp = (name: "argmax" | "argmin"): Op<ArgAttrs> => ({
  name,
  dtype: "i32",
  shape([x], { axis, keepDims }) {
    if (x[axis] === 0)
      throw new ShapeError(
        `${name}: the tensor ${show(x)} has nothing along axis ${axis}; the place of the ${name.slice(3)} of nothing is not defined`,
      );
    return keepDims ? x.map((v, d) => (d === axis ? 1 : v)) : x.filter((_, d) => d !== axis);
  },
  forward(ctx, [x], { axis }) {
    const y = ctx.empty();
    if (y.size === 0) return y;
    const rows = {
      outer: sizeOf(x.shape.slice(0, axis)),
      length: x.shape[axis],
      inner: sizeOf(x.shape.slice(axis + 1)),
    };
    argmaxAxis(ctx.device, { x: x.binding("x"), y: y.binding() }, rows, name === "argmin");
    return y;
  },
});
const ops = { argmax: argOp("argmax"), argmin: argOp("argmin") };

const arg =
  (name: keyof typeof ops) =>
  (x: Tensor, axis: number, options: ReduceOptions = {}): Tensor => {
    const { keepDims = false } = checkOptions(name, options, reduceKeys);
    return apply(ops[name], [x], { axis: normalizeAxes(name, axis, x.rank)[0], keepDims });
  };

/**
 * Place along `axis` (a negative one counts from the end) of the largest entry, as i32: the first of equals; the first NaN
 * where there is one. No gradient. Throws ShapeError for an axis of size 0.
 */
export const argmax = arg("argmax");
/** Place along `axis` of the smallest entry: `argmax` the other way round. */
export const argmin = arg("argmin");
