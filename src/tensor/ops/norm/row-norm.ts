import { type RowNormDims, rowNormalize, rowNormGrads, rowStatistics } from "../../../kernels/norm/row-norm.ts";
import type { KeysOf } from "../../../options.ts";
import type { BackwardContext, ForwardContext, Op } from "../../apply.ts";
import type { Shape } from "../../shape.ts";
import { empty, Tensor, zeros } from "../../tensor.ts";

/** What group, instance and layer norm share: each normalizes blocks of neighboring entries by their own statistics. */
export interface RowNormAttrs {
  readonly eps: number;
  /** Whether there are a weight and a bias among the inputs, in this order behind x. */
  readonly weight: boolean;
  readonly bias: boolean;
}

export interface AffineOptions {
  /** Factor of each normalized entry; left out: 1. */
  readonly weight?: Tensor;
  /** Added behind the weight; left out: 0. */
  readonly bias?: Tensor;
  /** Added to the variance. Default 1e-5. */
  readonly eps?: number;
}
/** @internal */
export const affineKeys: KeysOf<AffineOptions> = { weight: 1, bias: 1, eps: 1 };

/** Inputs and attributes from what a caller gave. @internal */
export const affineInputs = (x: Tensor, { weight, bias, eps = 1e-5 }: AffineOptions) => ({
  inputs: [x, weight, bias].filter((t) => t instanceof Tensor),
  attrs: { eps, weight: weight !== undefined, bias: bias !== undefined },
});

/** The shapes behind x by name. @internal */
export const affineShapes = (
  shapes: readonly Shape[],
  { weight, bias }: RowNormAttrs,
): [name: string, shape: Shape][] =>
  [weight ? "weight" : "", bias ? "bias" : ""].filter(Boolean).map((name, i) => [name, shapes[1 + i]]);

const parts = (list: readonly Tensor[], { weight, bias }: RowNormAttrs) => ({
  weight: weight ? list[1] : undefined,
  bias: bias ? list[weight ? 2 : 1] : undefined,
});

function forward<A extends RowNormAttrs>(
  ctx: ForwardContext,
  inputs: readonly Tensor[],
  attrs: A,
  dims: RowNormDims,
  moved?: (stats: Tensor) => void,
): Tensor {
  const [x] = inputs;
  const y = ctx.empty();
  if (x.size === 0) return y;
  const { weight, bias } = parts(inputs, attrs);
  const stats = ctx.empty([dims.outer * dims.groups, 4], "f32");
  rowStatistics(ctx.device, { x: x.binding("x"), stats: stats.binding() }, dims, attrs.eps);
  moved?.(stats);
  const affine = { weight: weight?.binding("weight"), bias: bias?.binding("bias") };
  rowNormalize(ctx.device, { x: x.binding("x"), stats: stats.binding(), ...affine, y: y.binding() }, dims);
  ctx.save(x, stats);
  if (weight) ctx.save(weight);
  return y;
}

function backward<A extends RowNormAttrs>(
  name: string,
  ctx: BackwardContext,
  g: Tensor,
  attrs: A,
  dims: RowNormDims,
): (Tensor | null)[] {
  const shapes = ctx.inputShapes;
  if (g.size === 0) return shapes.map((s) => zeros(ctx.device, s));
  const [x, stats, weight] = ctx.saved;
  const grads = shapes.map((s, i) => (ctx.needs[i] ? empty(ctx.device, s, "f32", `${name}'s gradient`) : null));
  const { weight: dweight, bias: dbias } = parts(grads as Tensor[], attrs);
  rowNormGrads(
    ctx.device,
    {
      x: x.binding("x"),
      g: g.binding(),
      stats: stats.binding(),
      weight: weight?.binding("weight"),
      inputGrad: grads[0]?.binding(),
      weightGrad: dweight?.binding(),
      biasGrad: dbias?.binding(),
    },
    dims,
  );
  return grads;
}

/** An op of this family from how x is cut into [outer, groups, per, inner]. @internal */
export const rowNormOp = <A extends RowNormAttrs>(
  name: string,
  dims: (x: Shape, attrs: A) => RowNormDims,
  shape: Op<A>["shape"],
  moved?: (inputs: readonly Tensor[], stats: Tensor, attrs: A) => void,
): Op<A> => ({
  name,
  shape,
  forward: (ctx, inputs, attrs) =>
    forward(ctx, inputs, attrs, dims(inputs[0].shape, attrs), (stats) => moved?.(inputs, stats, attrs)),
  backward: (ctx, g, attrs) => backward(name, ctx, g, attrs, dims(ctx.inputShapes[0], attrs)),
});
