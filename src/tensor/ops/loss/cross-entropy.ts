import { ShapeError } from "../../../errors.ts";
import { crossEntropyGrad, crossEntropyTerms, sumTerms } from "../../../kernels/loss/cross-entropy.ts";
import type { Rows } from "../../../kernels/reduce/softmax.ts";
import { checkOptions, type KeysOf } from "../../../options.ts";
import { apply, type Op } from "../../apply.ts";
import { tidy } from "../../scope.ts";
import { type Shape, sameShape, show, sizeOf } from "../../shape.ts";
import { empty, full, type Tensor, zeros } from "../../tensor.ts";
import { cast } from "../elementwise/cast.ts";
import { oneHot } from "../index/embedding.ts";
import { permute } from "../layout/layout.ts";
import { checkReduction, equalShapes, type Reduction } from "./losses-op.ts";

interface CrossEntropyAttrs {
  readonly reduction: Reduction;
}

const rowsOf = (z: Shape): Rows => ({ outer: z[0], length: z[1], inner: sizeOf(z.slice(2)) });
const termsShape = (z: Shape): number[] => [z[0], ...z.slice(2)];

const noClasses = (z: Shape): ShapeError =>
  new ShapeError(`crossEntropy: the logits are ${show(z)}; they must be [N, C, ...] with classes C >= 1`);

/** The factor of the sum of all terms: the mean is over samples and places. */
const scaleOf = (z: Shape, reduction: Reduction): number =>
  reduction === "mean" ? 1 / sizeOf(termsShape(z)) : reduction === "batchmean" ? 1 / z[0] : 1;

const crossEntropyOp: Op<CrossEntropyAttrs> = {
  name: "crossEntropy",
  shape(shapes, { reduction }) {
    equalShapes("crossEntropy", shapes);
    const [z] = shapes;
    if (z.length < 2 || z[1] === 0) throw noClasses(z);
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

/** Class indices [N, ...] as shares [N, C, ...]; an index outside 0 to C - 1 gives NaN. */
function sharesOf(target: Tensor, logits: Shape): Tensor {
  const places = termsShape(logits);
  if (!sameShape(target.shape, places))
    throw new ShapeError(
      `crossEntropy: the logits are ${show(logits)}, so class indices must be ${show(places)}; they are ${show(target.shape)}`,
    );
  const shares = oneHot(target, logits[1]); // the classes come last
  const last = target.rank;
  return last === 1 ? shares : permute(shares, [0, last, ...places.slice(1).map((_, d) => d + 1)]);
}
const crossEntropyKeys: KeysOf<{ readonly reduction?: Reduction }> = { reduction: 1 };

/**
 * Logits [N, C, ...] and targets -> -sum over the classes C of t * log_softmax(logits), as PyTorch's cross_entropy. Targets are
 * shares [N, C, ...] (one-hot or soft classes, or discs that are drawn into channels, where a place without a target adds
 * nothing and overlapping ones add up), or class indices [N, ...] as an i32 or u32 tensor, of which one outside 0 to C - 1
 * gives NaN. A class with the logit -Infinity and no target adds nothing. "mean" is over N and all places; "none" gives
 * [N, ...]. The targets are constants.
 */
export function crossEntropy(logits: Tensor, target: Tensor, options: { readonly reduction?: Reduction } = {}): Tensor {
  const { reduction = "mean" } = checkOptions("crossEntropy", options, crossEntropyKeys);
  if (target.dtype !== "i32" && target.dtype !== "u32") return apply(crossEntropyOp, [logits, target], { reduction });
  if (logits.rank < 2 || logits.shape[1] === 0) throw noClasses(logits.shape);
  return tidy(() => {
    const shares = sharesOf(target, logits.shape);
    return apply(crossEntropyOp, [logits, cast(shares, logits.dtype)], { reduction });
  });
}
