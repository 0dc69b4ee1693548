import {
  type Nearest3dDims,
  nearest3dForward,
  nearest3dInputGrad,
} from "../../../kernels/resample/upsample-nearest3d.ts";
import { checkOptions } from "../../../options.ts";
import { apply, type Op } from "../../apply.ts";
import type { Shape } from "../../shape.ts";
import { empty, type Tensor } from "../../tensor.ts";
import type { Triple } from "../common/axes.ts";
import { type ResampleOptions, resampleKeys, targetSize } from "./target-size.ts";
import { resampledTo } from "./upsample-separable.ts";

const dims = (x: Shape, y: Shape): Nearest3dDims => ({
  planes: x[0] * x[1],
  size: [x[2], x[3], x[4]],
  out: [y[2], y[3], y[4]],
});

const nearest3dOp: Op<{ readonly size: readonly number[] }> = {
  name: "upsampleNearest3d",
  shape: ([x], { size }) => resampledTo("upsampleNearest3d", x, size),
  forward(ctx, [x]) {
    const y = ctx.empty();
    nearest3dForward(ctx.device, { x: x.binding("x"), y: y.binding() }, dims(x.shape, ctx.shape));
    return y;
  },
  backward(ctx, g) {
    const [x] = ctx.inputShapes;
    const dx = empty(ctx.device, x, "f32", "upsampleNearest3d's gradient");
    nearest3dInputGrad(ctx.device, { g: g.binding(), inputGrad: dx.binding() }, dims(x, g.shape));
    return [dx];
  },
};

/**
 * [N, C, D, H, W] -> [N, C, d, h, w], up or down: each voxel is the one at floor(target * in / out), worked out in whole
 * numbers as in `upsampleNearest2d`.
 */
export const upsampleNearest3d = (x: Tensor, options: ResampleOptions<Triple>): Tensor => {
  checkOptions("upsampleNearest3d", options, resampleKeys);
  return apply(nearest3dOp, [x], { size: targetSize("upsampleNearest3d", x.shape, 3, options) });
};
