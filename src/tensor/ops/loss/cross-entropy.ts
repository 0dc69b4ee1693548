import { ShapeError } from "../../../errors.ts";
import { crossEntropyGrad, crossEntropyTerms, sumTerms } from "../../../kernels/loss/cross-entropy.ts";
import type { Rows } from "../../../kernels/reduce/softmax.ts";
import { apply, type Op } from "../../apply.ts";
import { type Shape, show, sizeOf } from "../../shape.ts";
import { empty, full, type Tensor, zeros } from "../../tensor.ts";
import { checkReduction, equalShapes, type Reduction } from "./losses-op.ts";

interface CrossEntropyAttrs {
  readonly reduction: Reduction;
}

const rowsOf = (z: Shape): Rows => ({ outer: z[0], length: z[1], inner: sizeOf(z.slice(2)) });
const termsShape = (z: Shape): number[] => [z[0], ...z.slice(2)];

/** The factor of the sum of all terms: the mean is over samples and places. */
const scaleOf = (z: Shape, reduction: Reduction): number =>
  reduction === "mean" ? 1 / sizeOf(termsShape(z)) : reduction === "batchmean" ? 1 / z[0] : 1;

const crossEntropyOp: Op<CrossEntropyAttrs> = {
  name: "crossEntropy",
  shape(shapes, { reduction }) {
    equalShapes("crossEntropy", shapes);
    const [z] = shapes;
    if (z.length < 2 || z[1] === 0)
      throw new ShapeError(`crossEntropy: the logits are ${show(z)}; they must be [N, C, ...] with classes C >= 1`);
    checkReduction("crossEntropy", reduction);
    return reduction === "none" ? termsShape(z) : [];
  },
  forward(ctx, [z, y], { reduction }) {
    ctx.save(z, y);
    if (z.size === 0)
      return reduction === "none" ? ctx.empty() : full(ctx.device, [], reduction === "sum" ? 0 : Number.NaN, z.dtype);
    const shape = termsShape(z.shape);
    const terms = reduction === "none" ? ctx.empty() : ctx.empty(shape, "f32");
    const stats = ctx.empty([...shape, 4], "f32");
    const io = { z: z.binding("logits"), y: y.binding("target"), stats: stats.binding(), terms: terms.binding() };
    crossEntropyTerms(ctx.device, io, rowsOf(z.shape));
    ctx.save(stats);
    if (reduction === "none") return terms;
    const loss = ctx.empty();
    sumTerms(ctx.device, terms.binding(), loss.binding(), terms.size, scaleOf(z.shape, reduction));
    return loss;
  },
  backward(ctx, g, { reduction }) {
    const [z, y, stats] = ctx.saved;
    if (z.size === 0) return [zeros(ctx.device, z.shape), null];
    const dz = empty(ctx.device, z.shape, "f32", "crossEntropy's gradient");
    const io = { z: z.binding(), y: y.binding(), stats: stats.binding(), g: g.binding(), inputGrad: dz.binding() };
    crossEntropyGrad(ctx.device, io, rowsOf(z.shape), {
      each: reduction === "none",
      scale: scaleOf(z.shape, reduction),
    });
    return [dz, null];
  },
};

/**
 * Logits and target shares [N, C, ...] -> -sum over the classes C of t * log_softmax(logits), as PyTorch's cross_entropy with
 * probabilities as targets: one-hot or soft classes, or discs that are drawn into channels, where a place without a target adds
 * nothing and overlapping ones add up. "mean" is over N and all places; "none" gives [N, ...]. The targets are constants.
 */
export const crossEntropy = (
  logits: Tensor,
  target: Tensor,
  { reduction = "mean" }: { readonly reduction?: Reduction } = {},
): Tensor => apply(crossEntropyOp, [logits, target], { reduction });
