import { ShapeError } from "../../../errors.ts";
import { nearestForward, nearestInputGrad, type ResampleDims } from "../../../kernels/resample/upsample-nearest2d.ts";
import { checkOptions } from "../../../options.ts";
import { apply, type Op } from "../../apply.ts";
import { type Shape, show } from "../../shape.ts";
import { empty, type Tensor } from "../../tensor.ts";
import type { Pair } from "../common/axes.ts";
import { checkImage } from "../pool/window.ts";
import { type ResampleOptions, resampleKeys, targetSize } from "./target-size.ts";

export interface SizeAttrs {
  readonly size: readonly number[];
}

/** [N, C, h, w] of a resampling; throws ShapeError for what is no image. @internal */
export function resampledShape(op: string, x: Shape, { size }: SizeAttrs): number[] {
  checkImage(op, x);
  if (x[2] === 0 || x[3] === 0) throw new ShapeError(`${op}: x ${show(x, "image")} has no pixels to take from`);
  return [x[0], x[1], ...size];
}

/** @internal */
export const resampleDims = (x: Shape, y: Shape): ResampleDims => ({
  planes: x[0] * x[1],
  h: x[2],
  w: x[3],
  outH: y[2],
  outW: y[3],
});

const nearestOp: Op<SizeAttrs> = {
  name: "upsampleNearest2d",
  shape: ([x], attrs) => resampledShape("upsampleNearest2d", x, attrs),
  forward(ctx, [x]) {
    const y = ctx.empty();
    nearestForward(ctx.device, { x: x.binding("x"), y: y.binding() }, resampleDims(x.shape, ctx.shape));
    return y;
  },
  backward(ctx, g) {
    const [x] = ctx.inputShapes;
    const dx = empty(ctx.device, x, "f32", "upsampleNearest2d's gradient");
    nearestInputGrad(ctx.device, { g: g.binding(), inputGrad: dx.binding() }, resampleDims(x, g.shape));
    return [dx];
  },
};

/**
 * [N, C, H, W] -> [N, C, h, w], up or down: each pixel is the one at floor(target * in / out), worked out in whole numbers.
 * (PyTorch rounds in / out to float32 first and takes the neighbor at about one size in a hundred.)
 */
export const upsampleNearest2d = (x: Tensor, options: ResampleOptions<Pair>): Tensor => {
  checkOptions("upsampleNearest2d", options, resampleKeys);
  return apply(nearestOp, [x], { size: targetSize("upsampleNearest2d", x.shape, 2, options) });
};
