import { varianceForward, varianceGrad } from "../../kernels/landmarks/heatmap-variance.ts";
import { apply, type Op } from "../../tensor/apply.ts";
import { empty, type Tensor } from "../../tensor/tensor.ts";
import { checkMaps, mapDims } from "./soft-argmax2d.ts";

const varianceOp: Op<undefined> = {
  name: "heatmapVariance",
  shape([p]) {
    checkMaps("heatmapVariance", p);
    return [p[0], p[1], 2];
  },
  forward(ctx, [p]) {
    const y = ctx.empty();
    const stats = ctx.empty([p.shape[0], p.shape[1], 4], "f32");
    const io = { p: p.binding("heat-maps"), y: y.binding(), stats: stats.binding() };
    varianceForward(ctx.device, io, mapDims(p.shape));
    ctx.save(stats, y);
    return y;
  },
  backward(ctx, g) {
    const dp = empty(ctx.device, ctx.inputShapes[0], "f32", "heatmapVariance's gradient");
    const [stats, y] = ctx.saved;
    const io = { stats: stats.binding(), y: y.binding(), g: g.binding(), inputGrad: dp.binding() };
    varianceGrad(ctx.device, io, mapDims(ctx.inputShapes[0]));
    return [dp];
  },
};

/**
 * Heat-maps p [N, K, H, W], at least 0 and not all 0 -> how far they spread [N, K, 2] = (along columns, along rows), in pixels
 * squared: sum of p (place - mean)^2 / sum of p. After `softmax(logits, [2, 3])` a regularizer of soft-argmax (Nibali et al. 2018).
 */
export const heatmapVariance = (heatmaps: Tensor): Tensor => apply(varianceOp, [heatmaps], undefined);
