import { ConfigError, ShapeError } from "../../errors.ts";
import type { MapDims } from "../../kernels/maps.ts";
import { softArgmaxForward, softArgmaxInputGrad, softArgmaxMoments } from "../../kernels/soft-argmax2d.ts";
import { apply, type Op } from "../apply.ts";
import { type Shape, show } from "../shape.ts";
import { empty, type Tensor } from "../tensor.ts";

interface SoftArgmaxAttrs {
  readonly beta: number;
}

const names = ["N", "K", "H", "W"];

/** Throws ShapeError unless the shape is [N, K, H, W] with pixels. @internal */
export const checkMaps = (op: string, x: Shape): void => {
  if (x.length !== 4)
    throw new ShapeError(`${op}: the heat-maps are ${show(x)}; they must have 4 dimensions [N, K, H, W]`);
  if (x[2] === 0 || x[3] === 0) throw new ShapeError(`${op}: the heat-maps ${show(x, names)} have no pixels`);
};

/** @internal */
export const mapDims = (x: Shape): MapDims => ({ maps: x[0] * x[1], h: x[2], w: x[3] });

const softArgmaxOp: Op<SoftArgmaxAttrs> = {
  name: "soft_argmax2d",
  shape([x]) {
    checkMaps("soft_argmax2d", x);
    return [x[0], x[1], 2];
  },
  forward(ctx, [h], { beta }) {
    const points = ctx.empty();
    const stats = ctx.empty([h.shape[0], h.shape[1], 4]);
    softArgmaxForward(
      ctx.device,
      { h: h.binding("heat-maps"), stats: stats.binding(), points: points.binding() },
      mapDims(h.shape),
      beta,
    );
    ctx.save(h, stats);
    return points;
  },
  backward(ctx, g, { beta }) {
    const [h, stats] = ctx.saved;
    const dh = empty(ctx.device, h.shape, "f32", "soft_argmax2d's gradient");
    softArgmaxInputGrad(
      ctx.device,
      { h: h.binding(), stats: stats.binding(), g: g.binding(), dh: dh.binding() },
      mapDims(h.shape),
      beta,
    );
    return [dh];
  },
};

const momentsOp: Op<SoftArgmaxAttrs> = {
  name: "soft_argmax2d_moments",
  shape([x]) {
    checkMaps("soft_argmax2d_moments", x);
    return [x[0], x[1], 6];
  },
  forward(ctx, [h], { beta }) {
    const moments = ctx.empty();
    softArgmaxMoments(ctx.device, { h: h.binding("heat-maps"), moments: moments.binding() }, mapDims(h.shape), beta);
    return moments;
  },
};

export interface SoftArgmaxOptions {
  /** Sharpness: 1 takes the maps as logits. Default 1. */
  readonly beta?: number;
}

const checked = (op: string, { beta = 1 }: SoftArgmaxOptions): SoftArgmaxAttrs => {
  if (!Number.isFinite(beta)) throw new ConfigError("beta", `${op}: beta is ${beta}; give a finite number`);
  return { beta };
};

/** Heat-maps [N, K, H, W] -> expected places [N, K, 2] = (column, row), in pixels of the map, under softmax(beta * h) over H * W. */
export const softArgmax2d = (heatmaps: Tensor, options: SoftArgmaxOptions = {}): Tensor =>
  apply(softArgmaxOp, [heatmaps], checked("soft_argmax2d", options));

/**
 * What `softArgmax2d` gives and how sure it is: [N, K, 6] = column, row, the largest probability, the variances of column
 * and row, and their covariance (pixels squared). No gradient.
 */
export const softArgmax2dMoments = (heatmaps: Tensor, options: SoftArgmaxOptions = {}): Tensor =>
  apply(momentsOp, [heatmaps], checked("soft_argmax2d_moments", options));
