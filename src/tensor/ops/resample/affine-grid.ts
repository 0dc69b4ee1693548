import { ShapeError } from "../../../errors.ts";
import { affineGridForward, affineGridThetaGrad } from "../../../kernels/resample/affine-grid.ts";
import { checkOptions, type KeysOf } from "../../../options.ts";
import { apply, type Op } from "../../apply.ts";
import { type Shape, show } from "../../shape.ts";
import { empty, type Tensor } from "../../tensor.ts";
import { type Pair, pair } from "../common/axes.ts";
import type { AlignOptions } from "./target-size.ts";

interface AffineAttrs {
  readonly size: readonly [number, number];
  readonly align_corners: boolean;
}

const dims = (theta: Shape, { size: [h, w], align_corners }: AffineAttrs) => ({
  maps: theta[0],
  h,
  w,
  alignCorners: align_corners,
});

const affineGridOp: Op<AffineAttrs> = {
  name: "affineGrid",
  shape([theta], { size }) {
    if (theta.length !== 3 || theta[1] !== 2 || theta[2] !== 3)
      throw new ShapeError(`affineGrid: theta is ${show(theta)}; it must be [N, 2, 3], an affine map for each image`);
    return [theta[0], ...size, 2];
  },
  forward(ctx, [theta], attrs) {
    const y = ctx.empty();
    affineGridForward(ctx.device, { theta: theta.binding("theta"), y: y.binding() }, dims(theta.shape, attrs));
    return y;
  },
  backward(ctx, g, attrs) {
    const [theta] = ctx.inputShapes;
    const dtheta = empty(ctx.device, theta, "f32", "affineGrid's gradient");
    affineGridThetaGrad(ctx.device, { g: g.binding(), thetaGrad: dtheta.binding() }, dims(theta, attrs));
    return [dtheta];
  },
};

export interface AffineGridOptions extends AlignOptions {
  /** [H, W] of the grid. */
  readonly size: Pair;
}
const affineGridKeys: KeysOf<AffineGridOptions> = { size: 1, alignCorners: 1 };

/**
 * The grid that `gridSample` wants, from affine maps theta [N, 2, 3]: [N, H, W, 2] = theta times (column, row, 1) of each pixel,
 * both from -1 to 1, which are the middles of the outer pixels with `alignCorners`, else their outer edges. `size` is
 * [H, W]. A side of one pixel is at 0. Throws ShapeError for another theta.
 */
export const affineGrid = (theta: Tensor, options: AffineGridOptions): Tensor => {
  const { size, alignCorners = false } = checkOptions("affineGrid", options, affineGridKeys);
  return apply(affineGridOp, [theta], { size: pair("affineGrid", "size", size, 1), align_corners: alignCorners });
};
