import { ShapeError } from "../../../errors.ts";
import { type combine, reduceAxis, reduceIntegersAxis } from "../../../kernels/reduce/reduce.ts";
import { checkOptions, type KeysOf } from "../../../options.ts";
import { apply, type Op } from "../../apply.ts";
import { type Axes, normalizeAxes, type Shape, sameShape, show, sizeOf } from "../../shape.ts";
import { empty, type Tensor, zeros } from "../../tensor.ts";
import { inFloat32 } from "../elementwise/cast.ts";
import { mul, square, sub } from "../elementwise/elementwise.ts";
import { isInteger } from "../elementwise/integers.ts";
import { mapBroadcastNew, mapNew } from "../elementwise/map.ts";

export interface ReduceOptions {
  /** Keep the dimensions that are reduced, with size 1. Default false. */
  readonly keepDims?: boolean;
}
/** @internal */
export const reduceKeys: KeysOf<ReduceOptions> = { keepDims: 1 };

export interface ReduceAttrs {
  readonly axes: readonly number[];
  readonly keepDims: boolean;
}

/** x's shape with 1 along `axes`, or without them. @internal */
export const reducedShape = (shape: Shape, axes: readonly number[], keepDims: boolean): number[] =>
  keepDims ? shape.map((v, i) => (axes.includes(i) ? 1 : v)) : shape.filter((_, i) => !axes.includes(i));

/** Runs of neighboring axes, innermost first: each is one pass over [outer, length, inner]. */
function* runs(axes: readonly number[]): Generator<[from: number, to: number]> {
  for (let i = axes.length - 1; i >= 0; ) {
    let j = i;
    while (j > 0 && axes[j - 1] === axes[j] - 1) j--;
    yield [axes[j], axes[i] + 1];
    i = j - 1;
  }
}

/** Reduces to the shape with 1 along `axes`; no tape. @internal */
export function reduceTo(kind: keyof typeof combine, x: Tensor, axes: readonly number[], scale: number): Tensor {
  let now = x;
  let shape = [...x.shape];
  const list = [...runs(axes)];
  const { dtype } = x;
  if (list.length === 0) return isInteger(dtype) ? x.alias() : mapNew("a * p0", x, undefined, [scale, 0]);
  list.forEach(([from, to], i) => {
    const outer = sizeOf(shape.slice(0, from));
    const inner = sizeOf(shape.slice(to));
    const length = sizeOf(shape.slice(from, to));
    shape = shape.map((v, d) => (d >= from && d < to ? 1 : v));
    const last = i === list.length - 1;
    const y = empty(x.device, shape, last || isInteger(dtype) ? dtype : "f32", kind);
    const io = { x: now.binding(), y: y.binding() };
    if (isInteger(dtype)) reduceIntegersAxis(x.device, kind, dtype, io, { outer, length, inner });
    else reduceAxis(x.device, kind, io, { outer, length, inner, scale: last ? scale : 1 });
    if (now !== x) now.dispose();
    now = y;
  });
  return now;
}

const sumLike = (name: "sum" | "mean"): Op<ReduceAttrs> => ({
  name,
  takes: name === "sum" ? "any" : undefined,
  shape: ([x], { axes, keepDims }) => reducedShape(x, axes, keepDims),
  forward(ctx, [x], { axes }) {
    const count = sizeOf(axes.map((a) => x.shape[a]));
    if (x.size === 0)
      return name === "sum" || sizeOf(ctx.shape) === 0 ? zeros(ctx.device, ctx.shape, x.dtype) : fillNaN(ctx.empty());
    const y = reduceTo("sum", x, axes, name === "mean" ? 1 / count : 1);
    return y.alias(ctx.shape);
  },
  backward(ctx, g, { axes }) {
    const shape = ctx.inputShapes[0];
    const factor = name === "mean" ? 1 / sizeOf(axes.map((a) => shape[a])) : 1;
    return [mapBroadcastNew("a * p0", [g.alias(reducedShape(shape, axes, true))], shape, [factor, 0])];
  },
});

/** The mean of nothing is NaN, as in numpy and PyTorch. */
const fillNaN = (t: Tensor): Tensor => {
  t.write(new Float32Array(t.size).fill(Number.NaN));
  return t;
};

const extreme = (name: "max" | "min"): Op<ReduceAttrs> => ({
  name,
  takes: "any",
  shape([x], { axes, keepDims }) {
    if (axes.some((a) => x[a] === 0))
      throw new ShapeError(
        `${name}: the tensor ${show(x)} has nothing along axes [${axes.join(", ")}]; the ${name} of nothing is not defined`,
      );
    return reducedShape(x, axes, keepDims);
  },
  forward(ctx, [x], { axes }) {
    if (x.size === 0) return ctx.empty();
    const y = reduceTo(name, x, axes, 1);
    ctx.save(x, y);
    return y.alias(ctx.shape);
  },
  // Ties share the gradient evenly, as torch.amax and amin do.
  backward(ctx, g, { axes }) {
    if (ctx.saved.length === 0) return [zeros(ctx.device, ctx.inputShapes[0])];
    const [x, y] = ctx.saved;
    const ties = mapBroadcastNew("select(0.0, 1.0, a == b)", [x, y], x.shape);
    const share = mapNew("a / b", g.alias(y.shape), reduceTo("sum", ties, axes, 1));
    return [mapBroadcastNew("a * b", [ties, share], x.shape)];
  },
});

const ops = { sum: sumLike("sum"), mean: sumLike("mean"), max: extreme("max"), min: extreme("min") };

const reduction =
  (name: keyof typeof ops) =>
  (x: Tensor, axis?: Axes, options: ReduceOptions = {}): Tensor => {
    const { keepDims = false } = checkOptions(name, options, reduceKeys);
    return apply(ops[name], [x], { axes: normalizeAxes(name, axis, x.rank), keepDims });
  };

/**
 * Sum over `axis`, one or several (all by default; negative ones count from the end), in an order that is always the same; of
 * integers modulo 2^32. max and min take integers too.
 */
export const sum = reduction("sum");
/** Mean over `axis`. */
export const mean = reduction("mean");
/** Largest entry over `axis`; NaN goes through. */
export const max = reduction("max");
/** Smallest entry over `axis`; NaN goes through. */
export const min = reduction("min");

const varianceKeys: KeysOf<ReduceOptions & { readonly correction?: number }> = { keepDims: 1, correction: 1 };

/** Variance over `axis`, divided by the count less `correction` (1: unbiased, 0: of the population). */
export function variance(
  x: Tensor,
  axis?: Axes,
  options: ReduceOptions & { readonly correction?: number } = {},
): Tensor {
  const { keepDims = false, correction = 1 } = checkOptions("variance", options, varianceKeys);
  const list = normalizeAxes("variance", axis, x.rank);
  const count = sizeOf(list.map((a) => x.shape[a]));
  if (x.dtype === "f16") return inFloat32([x], ([wide]) => variance(wide, list, { keepDims, correction }));
  const d = sub(x, mean(x, list, { keepDims: true }));
  // Two passes, corrected for the rounding of the mean (Chan, Golub, LeVeque 1983): right for a small spread far from 0.
  const centered = sub(sum(square(d), list, { keepDims }), mul(square(sum(d, list, { keepDims })), 1 / count));
  return mul(centered, 1 / Math.max(0, count - correction));
}

/** Sums a gradient over the dimensions that broadcasting repeated; no tape. @internal */
export function sumTo(g: Tensor, shape: Shape): Tensor {
  if (sameShape(g.shape, shape)) return g;
  const lead = g.rank - shape.length;
  const axes = g.shape.map((_, d) => d).filter((d) => d < lead || (shape[d - lead] === 1 && g.shape[d] !== 1));
  if (g.size === 0) return zeros(g.device, shape);
  return reduceTo("sum", g, axes, 1).alias(shape);
}
