import { cumsumAxis } from "../../../kernels/reduce/cumsum.ts";
import { checkOptions } from "../../../options.ts";
import { apply, type Op } from "../../apply.ts";
import { type Axes, normalizeAxes, sizeOf } from "../../shape.ts";
import { empty, full, type Tensor } from "../../tensor.ts";
import { mapNew } from "../elementwise/map.ts";
import { concat, permute, slice } from "../layout/layout.ts";
import { broadcastTo } from "../layout/rearrange.ts";
import { type ReduceAttrs, type ReduceOptions, reducedShape, reduceKeys, reduceTo } from "./reduce.ts";

/** Products of all entries of the lines x [lines, length] before each (`reverse`: behind each), 1 for the first. */
function before(x: Tensor, reverse: boolean): Tensor {
  const [lines, length] = x.shape;
  const running = empty(x.device, x.shape, "f32", "prod's running products");
  cumsumAxis(
    x.device,
    { x: x.binding("x"), y: running.binding() },
    { outer: lines, length, inner: 1 },
    reverse,
    "prod",
  );
  const one = full(x.device, [lines, 1], 1);
  return reverse
    ? concat([slice(running, [0, 1], [lines, length]), one], 1)
    : concat([one, slice(running, [0, 0], [lines, length - 1])], 1);
}

/** Without dividing by an entry, which may be 0: what stands before it times what stands behind it. */
function others(x: Tensor, axes: readonly number[]): Tensor {
  const perm = [...x.shape.map((_, d) => d).filter((d) => !axes.includes(d)), ...axes];
  const moved = axes.length === x.rank ? x : permute(x, perm);
  const lines = moved.alias([x.size / sizeOf(axes.map((a) => x.shape[a])), sizeOf(axes.map((a) => x.shape[a]))]);
  const product = mapNew("a * b", before(lines, false), before(lines, true)).alias(moved.shape);
  return axes.length === x.rank
    ? product
    : permute(
        product,
        perm.map((_, d) => perm.indexOf(d)),
      );
}

const prodOp: Op<ReduceAttrs> = {
  name: "prod",
  shape: ([x], { axes, keepDims }) => reducedShape(x, axes, keepDims),
  forward(ctx, [x], { axes }) {
    if (x.size === 0) return full(ctx.device, ctx.shape, 1, x.dtype);
    ctx.save(x);
    return reduceTo("prod", x, axes, 1).alias(ctx.shape);
  },
  backward(ctx, g, { axes }) {
    if (ctx.saved.length === 0) return [full(ctx.device, ctx.inputShapes[0], 0)];
    const [x] = ctx.saved;
    const wide = broadcastTo(g.alias(reducedShape(x.shape, axes, true)), x.shape);
    return [axes.length === 0 ? wide : mapNew("a * b", wide, others(x, axes))];
  },
};

/**
 * Product over `axis`, one or several (all by default; negative ones count from the end), in an order that is always the same;
 * of nothing 1. The gradient of each entry is the product of the others, right with zeros among them.
 */
export const prod = (x: Tensor, axis?: Axes, options: ReduceOptions = {}): Tensor => {
  const { keepDims = false } = checkOptions("prod", options, reduceKeys);
  return apply(prodOp, [x], { axes: normalizeAxes("prod", axis, x.rank), keepDims });
};
