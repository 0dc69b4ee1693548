import { ShapeError } from "../../errors.ts";
import type { MapDims } from "../../kernels/common/maps.ts";
import {
  softArgmaxForward,
  softArgmaxInputGrad,
  softArgmaxMoments,
  softArgmaxMomentsGrad,
} from "../../kernels/landmarks/soft-argmax2d.ts";
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

const names = ["N", "K", "H", "W"];

/** Throws ShapeError unless the shape is [N, K, H, W] with pixels. @internal */
export const checkMaps = (op: string, x: Shape): void => {
  if (x.length !== 4)
    throw new ShapeError(`${op}: the heat-maps are ${show(x)}; they must have 4 dimensions [N, K, H, W]`);
  if (x[2] === 0 || x[3] === 0) throw new ShapeError(`${op}: the heat-maps ${show(x, names)} have no pixels`);
};

/** @internal */
export const mapDims = (x: Shape): MapDims => ({ maps: x[0] * x[1], h: x[2], w: x[3] });

const settings = (x: Shape, { beta, convention }: SoftArgmaxAttrs) => ({ beta, grid: gridOf(x.slice(2), convention) });

const softArgmaxOp: Op<SoftArgmaxAttrs> = {
  name: "softArgmax2d",
  shape([x]) {
    checkMaps("softArgmax2d", x);
    return [x[0], x[1], 2];
  },
  forward(ctx, [h], attrs) {
    const points = ctx.empty();
    const stats = ctx.empty([h.shape[0], h.shape[1], 4], "f32");
    softArgmaxForward(
      ctx.device,
      { h: h.binding("heat-maps"), stats: stats.binding(), points: points.binding() },
      mapDims(h.shape),
      settings(h.shape, attrs),
    );
    ctx.save(h, stats);
    return points;
  },
  backward(ctx, g, attrs) {
    const [h, stats] = ctx.saved;
    const dh = empty(ctx.device, h.shape, "f32", "softArgmax2d's gradient");
    softArgmaxInputGrad(
      ctx.device,
      { h: h.binding(), stats: stats.binding(), g: g.binding(), inputGrad: dh.binding() },
      mapDims(h.shape),
      settings(h.shape, attrs),
    );
    return [dh];
  },
};

const momentsOp: Op<SoftArgmaxAttrs> = {
  name: "softArgmax2dMoments",
  shape([x]) {
    checkMaps("softArgmax2dMoments", x);
    return [x[0], x[1], 6];
  },
  forward(ctx, [h], attrs) {
    const moments = ctx.empty();
    const stats = ctx.empty([h.shape[0], h.shape[1], 8], "f32");
    softArgmaxMoments(
      ctx.device,
      { h: h.binding("heat-maps"), moments: moments.binding(), stats: stats.binding() },
      mapDims(h.shape),
      settings(h.shape, attrs),
    );
    ctx.save(h, stats);
    return moments;
  },
  backward(ctx, g, attrs) {
    const [h, stats] = ctx.saved;
    const dh = empty(ctx.device, h.shape, "f32", "softArgmax2dMoments' gradient");
    softArgmaxMomentsGrad(
      ctx.device,
      { h: h.binding(), stats: stats.binding(), g: g.binding(), inputGrad: dh.binding() },
      mapDims(h.shape),
      settings(h.shape, attrs),
    );
    return [dh];
  },
};

/**
 * Heat-maps [N, K, H, W] -> expected places [N, K, 2] = (column, row) under softmax(beta * h) over H * W, in pixels of the map or
 * by another convention.
 */
export const softArgmax2d = (heatmaps: Tensor, options: SoftArgmaxOptions = {}): Tensor => {
  checkOptions("softArgmax2d", options, softArgmaxKeys);
  return apply(softArgmaxOp, [heatmaps], softArgmaxAttrs("softArgmax2d", options));
};

/**
 * What `softArgmax2d` gives and how sure it is: [N, K, 6] = column, row, the largest probability, the variances of column
 * and row, and their covariance, in pixels squared or the convention's units squared: a variance is the sum of p (c - mean)^2.
 */
export const softArgmax2dMoments = (heatmaps: Tensor, options: SoftArgmaxOptions = {}): Tensor => {
  checkOptions("softArgmax2dMoments", options, softArgmaxKeys);
  return apply(momentsOp, [heatmaps], softArgmaxAttrs("softArgmax2dMoments", options));
};
