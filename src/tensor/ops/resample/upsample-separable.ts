import { ShapeError } from "../../../errors.ts";
import { resampleForward, resampleInputGrad, type SeparableDims } from "../../../kernels/resample/resample-axis.ts";
import { apply, type Op } from "../../apply.ts";
import { type Shape, show } from "../../shape.ts";
import { empty, type Tensor } from "../../tensor.ts";
import { type Pair, pair, type Triple, triple } from "../common/axes.ts";
import { checkImage, checkLine, checkVolume, whole } from "../pool/window.ts";

interface SeparableAttrs {
  readonly size: readonly number[];
  readonly align_corners: boolean;
}

/** [N, C, ...size] of a resampling of as many axes; throws ShapeError for what has no such axes or nothing on them. @internal */
export function resampledTo(op: string, x: Shape, size: readonly number[]): number[] {
  [checkLine, checkImage, checkVolume][size.length - 1](op, x);
  if (x.slice(2).includes(0))
    throw new ShapeError(`${op}: x ${show(x, "image")} has nothing to take from; each size after C must be at least 1`);
  return [x[0], x[1], ...size];
}

const separableOp = (name: string, cubic: boolean): Op<SeparableAttrs> => {
  const dims = (x: Shape, y: Shape, alignCorners: boolean): SeparableDims => ({
    planes: x[0] * x[1],
    size: x.slice(2),
    out: y.slice(2),
    cubic,
    alignCorners,
  });
  return {
    name,
    shape: ([x], { size }) => resampledTo(name, x, size),
    forward(ctx, [x], { align_corners }) {
      const y = ctx.empty();
      const io = { x: x.binding("x"), y: y.binding() };
      return resampleForward(ctx.device, io, dims(x.shape, ctx.shape, align_corners)) ? y : x.view();
    },
    backward(ctx, g, { align_corners }) {
      const [x] = ctx.inputShapes;
      const dx = empty(ctx.device, x, "f32", `${name}'s gradient`);
      const io = { g: g.binding(), inputGrad: dx.binding() };
      return [resampleInputGrad(ctx.device, io, dims(x, g.shape, align_corners)) ? dx : g];
    },
  };
};

const linear1d = separableOp("upsample_linear1d", false);
const bicubic2d = separableOp("upsample_bicubic2d", true);
const trilinear3d = separableOp("upsample_trilinear3d", false);

/** Whether the corner entries keep their places (source = target * (in - 1) / (out - 1)), or the edges do. */
export interface AlignOptions {
  readonly alignCorners?: boolean;
}

/** [N, C, W] -> [N, C, w] between neighbors, as `upsampleBilinear2d` along one axis. */
export const upsampleLinear1d = (x: Tensor, size: number, { alignCorners = false }: AlignOptions = {}): Tensor => {
  return apply(linear1d, [x], { size: [whole("upsample_linear1d", "size", size, 1)], align_corners: alignCorners });
};

/**
 * [N, C, H, W] -> [N, C, h, w], up or down, by cubic convolution with a = -0.75 (PyTorch's; values may overshoot), without
 * smoothing first. Source = (target + 1/2) * in / out - 1/2, or with `alignCorners` target * (in - 1) / (out - 1); the
 * pixels at the edges are repeated beyond them.
 */
export const upsampleBicubic2d = (x: Tensor, size: Pair, { alignCorners = false }: AlignOptions = {}): Tensor =>
  apply(bicubic2d, [x], { size: pair("upsample_bicubic2d", "size", size, 1), align_corners: alignCorners });

/** [N, C, D, H, W] -> [N, C, d, h, w] between the eight neighbors, as `upsampleBilinear2d` with one axis more. */
export const upsampleTrilinear3d = (x: Tensor, size: Triple, { alignCorners = false }: AlignOptions = {}): Tensor =>
  apply(trilinear3d, [x], { size: triple("upsample_trilinear3d", "size", size, 1), align_corners: alignCorners });
