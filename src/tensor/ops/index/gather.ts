import { ShapeError } from "../../../errors.ts";
import { type AxisDims, gatherKernel, scatterAddKernel } from "../../../kernels/index/indexing.ts";
import { apply, type BackwardContext, type Op } from "../../apply.ts";
import { normalizeAxes, type Shape, sameShape, show, sizeOf } from "../../shape.ts";
import { empty, type Tensor, zeros } from "../../tensor.ts";
import { expectDType } from "../common/dtype.ts";
import { slice } from "../layout/layout.ts";
import { type Indices, withIndices } from "./indices.ts";

interface AxisAttrs {
  readonly axis: number;
}

const dimsOf = (x: Shape, axis: number, length: number, shared: boolean): AxisDims => ({
  outer: sizeOf(x.slice(0, axis)),
  inner: sizeOf(x.slice(axis + 1)),
  size: x[axis],
  length,
  shared,
});

/** x taken along `axis`; NaN where the index is outside. No tape. @internal */
export function take(x: Tensor, index: Tensor, axis: number, shape: Shape, shared: boolean): Tensor {
  const y = empty(x.device, shape, x.dtype, "gather");
  if (y.size === 0) return y;
  if (x.size === 0) y.write(new Float32Array(y.size).fill(Number.NaN));
  else
    gatherKernel(
      x.device,
      { x: x.binding("x"), index: index.binding("index"), y: y.binding() },
      dimsOf(x.shape, axis, shape[axis], shared),
    );
  return y;
}

/** src added at `index` along `axis` to `base`, or to zeros of `shape`. No tape. @internal */
export function put(
  base: Tensor | undefined,
  src: Tensor,
  index: Tensor,
  axis: number,
  shape: Shape,
  shared: boolean,
): Tensor {
  if (sizeOf(shape) === 0 || src.size === 0) return base ? base.alias() : zeros(src.device, shape, src.dtype);
  const y = empty(src.device, shape, src.dtype, "scatterAdd");
  scatterAddKernel(
    src.device,
    { base: base?.binding("x"), src: src.binding("src"), index: index.binding("index"), y: y.binding() },
    dimsOf(shape, axis, src.shape[axis], shared),
  );
  return y;
}

const spread = (ctx: BackwardContext, g: Tensor, axis: number, shared: boolean): (Tensor | null)[] => [
  put(undefined, g, ctx.saved[0], axis, ctx.inputShapes[0], shared),
  null,
];

const gatherOp: Op<AxisAttrs> = {
  name: "gather",
  takes: "own",
  shape: ([, index]) => index,
  forward(ctx, [x, index], { axis }) {
    ctx.save(index);
    return take(x, index, axis, ctx.shape, false);
  },
  backward: (ctx, g, { axis }) => spread(ctx, g, axis, false),
};

const indexSelectOp: Op<AxisAttrs> = {
  name: "indexSelect",
  takes: "own",
  shape: ([x, index], { axis }) => x.map((v, d) => (d === axis ? index[0] : v)),
  forward(ctx, [x, index], { axis }) {
    ctx.save(index);
    return take(x, index, axis, ctx.shape, true);
  },
  backward: (ctx, g, { axis }) => spread(ctx, g, axis, true),
};

/** Throws ShapeError unless `small` has the rank of `big` and, outside `axis` where one is given, no larger dimensions. @internal */
export const expectWithin = (op: string, names: readonly [string, string], small: Shape, big: Shape, axis = -1) => {
  if (small.length !== big.length || small.some((v, d) => d !== axis && v > big[d]))
    throw new ShapeError(
      `${op}: ${names[0]} is ${show(small)}, ${names[1]} ${show(big)}; give them one rank and ${names[0]} no larger dimension${axis < 0 ? "" : ` outside axis ${axis}`}`,
    );
};

/** The corner of t that has `shape`; t itself where that is all of it. @internal */
export const corner = (t: Tensor, shape: Shape): Tensor =>
  sameShape(t.shape, shape)
    ? t
    : slice(
        t,
        shape.map(() => 0),
        shape,
      );

/**
 * y[i][j][k] = x[i][index[i][j][k]][k] for axis 1, likewise for others (torch.gather): shape as `index`, an i32 or u32 tensor
 * of x's rank, outside `axis` no larger than x. An index outside 0 to size - 1 gives NaN, in the gradient along its whole line.
 * The gradient adds up in a fixed order.
 */
export function gather(x: Tensor, axis: number, index: Tensor): Tensor {
  expectDType("gather", "x", x, "f32", "f16");
  expectDType("gather", "index", index, "i32", "u32");
  const [along] = normalizeAxes("gather", axis, x.rank);
  expectWithin("gather", ["index", "x"], index.shape, x.shape, along);
  const part = corner(
    x,
    x.shape.map((v, d) => (d === along ? v : index.shape[d])),
  );
  const y = apply(gatherOp, [part, index], { axis: along });
  if (part !== x) part.dispose();
  return y;
}

/**
 * The slices of x along `axis` that `index` names, in its order (torch.index_select). Indices from the host may count from the
 * end (-1 is the last), and are checked and refused with ShapeError; one in a tensor that is outside 0 to size - 1 gives NaN,
 * and a gradient of NaN for all of x.
 */
export function indexSelect(x: Tensor, axis: number, index: Indices): Tensor {
  expectDType("indexSelect", "x", x, "f32", "f16");
  const [along] = normalizeAxes("indexSelect", axis, x.rank);
  const pick = (t: Tensor): Tensor => {
    if (t.rank !== 1)
      throw new ShapeError(
        `indexSelect: index is ${show(t.shape)}; it must have one dimension: reshape it, or use gather`,
      );
    return apply(indexSelectOp, [x, t], { axis: along });
  };
  const where = `axis ${along} of ${show(x.shape)}`;
  return withIndices("indexSelect", index, x.shape[along], where, x, pick, true);
}
