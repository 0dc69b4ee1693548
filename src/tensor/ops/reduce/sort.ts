import { ConfigError, ShapeError } from "../../../errors.ts";
import { sortAxis, sortInputGrad } from "../../../kernels/reduce/sort.ts";
import { checkOptions, type KeysOf } from "../../../options.ts";
import { apply, type Op } from "../../apply.ts";
import { normalizeAxes, type Shape, show, sizeOf } from "../../shape.ts";
import type { DType } from "../../storage.ts";
import { type Tensor, zeros } from "../../tensor.ts";
import { take } from "../index/gather.ts";

/** Entries along an axis in order, and the place that each had, as i32. */
export interface Sorted {
  readonly values: Tensor;
  readonly indices: Tensor;
}

export interface SortOptions {
  /** The largest first. Default false. */
  readonly descending?: boolean | undefined;
}
const sortKeys: KeysOf<SortOptions> = { descending: 1 };

export interface TopkOptions {
  /** The largest, or the smallest. Default true. */
  readonly largest?: boolean | undefined;
}
const topkKeys: KeysOf<TopkOptions> = { largest: 1 };

interface PlacesAttrs {
  readonly axis: number;
  readonly count: number;
  readonly descending: boolean;
}

type Name = "sort" | "topk";

const linesOf = (shape: Shape, axis: number) => ({
  outer: sizeOf(shape.slice(0, axis)),
  length: shape[axis],
  inner: sizeOf(shape.slice(axis + 1)),
});

const placesOp = (name: Name): Op<PlacesAttrs> => ({
  name,
  takes: "any",
  dtype: "i32",
  shape: ([x], { axis, count }) => x.map((v, d) => (d === axis ? count : v)),
  forward(ctx, [x], { axis, count, descending }) {
    const places = ctx.empty();
    if (places.size === 0) return places;
    const holds = x.dtype === "i32" || x.dtype === "u32" ? x.dtype : "floats";
    sortAxis(
      ctx.device,
      { x: x.binding("x"), places: places.binding() },
      { ...linesOf(x.shape, axis), count, descending, holds },
    );
    return places;
  },
});

/** x at the places; its gradient goes back to them, one to each. An op for each dtype: that of a result comes from the op. */
const valuesOp = (name: Name, dtype: DType): Op<{ axis: number }> => ({
  name,
  takes: "own",
  dtype,
  shape: ([, places]) => places,
  forward(ctx, [x, places], { axis }) {
    ctx.save(places);
    return take(x, places, axis, ctx.shape, false);
  },
  backward(ctx, g, { axis }) {
    const dx = zeros(ctx.device, ctx.inputShapes[0]);
    const io = { g: g.binding(), places: ctx.saved[0].binding(), inputGrad: dx.binding() };
    if (g.size > 0) sortInputGrad(ctx.device, io, { ...linesOf(dx.shape, axis), count: g.shape[axis] });
    return [dx, null];
  },
});

const opsOf = (name: Name) => ({
  places: placesOp(name),
  f32: valuesOp(name, "f32"),
  f16: valuesOp(name, "f16"),
  i32: valuesOp(name, "i32"),
  u32: valuesOp(name, "u32"),
});
const ops = { sort: opsOf("sort"), topk: opsOf("topk") };

function inOrder(name: Name, x: Tensor, attrs: PlacesAttrs): Sorted {
  const indices = apply(ops[name].places, [x], attrs);
  return { values: apply(ops[name][x.dtype], [x, indices], { axis: attrs.axis }), indices };
}

const axisOf = (name: Name, axis: number, shape: Shape): number => {
  if (shape.length === 0) throw new ShapeError(`${name}: x is a scalar, which has no axis; reshape it to [1]`);
  return normalizeAxes(name, axis, shape.length)[0];
};

/**
 * The entries along `axis` (a negative one counts from the end) in ascending order and their places; shape as x, which may hold
 * integers. Equal entries stay in their order, both zeros are equal, and NaN is larger than infinity (torch.sort, stable). The
 * gradient goes to the places that the values came from.
 */
export const sort = (x: Tensor, axis = -1, options: SortOptions = {}): Sorted => {
  const { descending = false } = checkOptions("sort", options, sortKeys);
  const along = axisOf("sort", axis, x.shape);
  return inOrder("sort", x, { axis: along, count: x.shape[along], descending });
};

/**
 * The `k` largest entries along `axis` (a negative one counts from the end), the largest first, or the smallest, and their places;
 * of equals the first. NaN is larger than infinity. Throws ShapeError for more than there are.
 */
export const topk = (x: Tensor, k: number, axis = -1, options: TopkOptions = {}): Sorted => {
  const { largest = true } = checkOptions("topk", options, topkKeys);
  const along = axisOf("topk", axis, x.shape);
  if (!Number.isInteger(k) || k < 0) throw new ConfigError("k", `topk: k is ${k}; give a whole number of 0 or more`);
  if (k > x.shape[along])
    throw new ShapeError(
      `topk: k is ${k}, and axis ${along} of ${show(x.shape)} has ${x.shape[along]}; give a smaller k`,
    );
  return inOrder("topk", x, { axis: along, count: k, descending: largest });
};
