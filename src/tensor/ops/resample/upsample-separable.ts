import { ShapeError } from "../../../errors.ts";
import { resampleForward, resampleInputGrad, type SeparableDims } from "../../../kernels/resample/resample-axis.ts";
import { checkOptions } from "../../../options.ts";
import { apply, type Op } from "../../apply.ts";
import { type Shape, show } from "../../shape.ts";
import { empty, type Tensor } from "../../tensor.ts";
import type { Pair, Triple } from "../common/axes.ts";
import { checkImage, checkLine, checkVolume } from "../pool/window.ts";
import { type AlignOptions, alignedResampleKeys, type ResampleOptions, targetSize } from "./target-size.ts";

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
      return resampleForward(ctx.device, io, dims(x.shape, ctx.shape, align_corners)) ? y : x.alias();
    },
    backward(ctx, g, { align_corners }) {
      const [x] = ctx.inputShapes;
      const dx = empty(ctx.device, x, "f32", `${name}'s gradient`);
      const io = { g: g.binding(), inputGrad: dx.binding() };
      return [resampleInputGrad(ctx.device, io, dims(x, g.shape, align_corners)) ? dx : g];
    },
  };
};

type Resample<Size extends number | readonly number[]> = (
  x: Tensor,
  options: ResampleOptions<Size> & AlignOptions,
) => Tensor;

const separable = <Size extends number | readonly number[]>(
  name: string,
  axes: number,
  cubic: boolean,
): Resample<Size> => {
  const op = separableOp(name, cubic);
  return (x, options) => {
    const { alignCorners = false, ...rest } = checkOptions(name, options, alignedResampleKeys);
    return apply(op, [x], { size: targetSize(name, x.shape, axes, rest), align_corners: alignCorners });
  };
};

/** [N, C, W] -> [N, C, w] between neighbors, as `upsampleBilinear2d` along one axis. */
export const upsampleLinear1d = separable<number>("upsampleLinear1d", 1, false);

/**
 * [N, C, H, W] -> [N, C, h, w], up or down, by cubic convolution with a = -0.75 (PyTorch's; values may overshoot), without
 * smoothing first. Source = (target + 1/2) * in / out - 1/2, or with `alignCorners` target * (in - 1) / (out - 1); the
 * pixels at the edges are repeated beyond them.
 */
export const upsampleBicubic2d = separable<Pair>("upsampleBicubic2d", 2, true);

/** [N, C, D, H, W] -> [N, C, d, h, w] between the eight neighbors, as `upsampleBilinear2d` with one axis more. */
export const upsampleTrilinear3d = separable<Triple>("upsampleTrilinear3d", 3, false);
