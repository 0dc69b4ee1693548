import { ShapeError } from "../../errors.ts";
import { cloudFloats, softArgmax3dForward, softArgmax3dInputGrad } from "../../kernels/landmarks/soft-argmax3d.ts";
import { checkOptions } from "../../options.ts";
import { apply, type Op } from "../../tensor/apply.ts";
import { type Shape, show } from "../../tensor/shape.ts";
import { empty, type Tensor } from "../../tensor/tensor.ts";
import {
  gridOf,
  type SoftArgmaxAttrs,
  type SoftArgmaxOptions,
  softArgmaxAttrs,
  softArgmaxKeys,
} from "./soft-argmax-grid.ts";

const dims = (x: Shape) => ({ maps: x[0] * x[1], d: x[2], h: x[3], w: x[4] });
const settings = (x: Shape, { beta, convention }: SoftArgmaxAttrs) => ({ beta, grid: gridOf(x.slice(2), convention) });

const softArgmaxOp: Op<SoftArgmaxAttrs> = {
  name: "softArgmax3d",
  shape([x]) {
    if (x.length !== 5)
      throw new ShapeError(`softArgmax3d: the volumes are ${show(x)}; they must have 5 dimensions [N, K, D, H, W]`);
    if (x[2] * x[3] * x[4] === 0)
      throw new ShapeError(`softArgmax3d: the volumes ${show(x, ["N", "K", "D", "H", "W"])} have no voxels`);
    return [x[0], x[1], 3];
  },
  forward(ctx, [x], attrs) {
    const points = ctx.empty();
    const stats = ctx.empty([x.shape[0], x.shape[1], cloudFloats], "f32");
    softArgmax3dForward(
      ctx.device,
      { x: x.binding("volumes"), stats: stats.binding(), points: points.binding() },
      dims(x.shape),
      settings(x.shape, attrs),
    );
    ctx.save(x, stats);
    return points;
  },
  backward(ctx, g, attrs) {
    const [x, stats] = ctx.saved;
    const dx = empty(ctx.device, x.shape, "f32", "softArgmax3d's gradient");
    softArgmax3dInputGrad(
      ctx.device,
      { x: x.binding(), stats: stats.binding(), g: g.binding(), inputGrad: dx.binding() },
      dims(x.shape),
      settings(x.shape, attrs),
    );
    return [dx];
  },
};

/**
 * Volumes [N, K, D, H, W] -> expected places [N, K, 3] = (column, row, slice) under softmax(beta * x) over D * H * W, in voxels or
 * by another convention.
 */
export const softArgmax3d = (volumes: Tensor, options: SoftArgmaxOptions = {}): Tensor => {
  checkOptions("softArgmax3d", options, softArgmaxKeys);
  return apply(softArgmaxOp, [volumes], softArgmaxAttrs("softArgmax3d", options));
};
