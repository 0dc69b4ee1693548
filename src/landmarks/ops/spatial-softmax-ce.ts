import { spatialCrossEntropy, spatialCrossEntropyGrad } from "../../kernels/landmarks/spatial-softmax-ce.ts";
import { apply, type Op } from "../../tensor/apply.ts";
import { equalShapes } from "../../tensor/ops/loss/losses-op.ts";
import { empty, type Tensor } from "../../tensor/tensor.ts";
import { checkMaps } from "./soft-argmax2d.ts";

const crossEntropyOp: Op<Record<string, never>> = {
  name: "spatialSoftmaxCrossEntropy",
  shape(shapes) {
    checkMaps("spatialSoftmaxCrossEntropy", shapes[0]);
    equalShapes("spatialSoftmaxCrossEntropy", shapes);
    return [];
  },
  forward(ctx, [z, y]) {
    const [n, k, h, w] = z.shape;
    const [stats, share, loss] = [ctx.empty([n, k, 4], "f32"), ctx.empty([1], "f32"), ctx.empty()];
    const io = {
      z: z.binding("logits"),
      y: y.binding("targets"),
      stats: stats.binding(),
      share: share.binding(),
      loss: loss.binding(),
    };
    spatialCrossEntropy(ctx.device, io, { maps: n * k, size: h * w });
    ctx.save(z, y, stats, share);
    return loss;
  },
  backward(ctx, g) {
    const [z, y, stats, share] = ctx.saved;
    const [n, k, h, w] = z.shape;
    const dz = empty(ctx.device, z.shape, "f32", "spatialSoftmaxCrossEntropy's gradient");
    const io = {
      z: z.binding(),
      y: y.binding(),
      stats: stats.binding(),
      share: share.binding(),
      g: g.binding(),
      inputGrad: dz.binding(),
    };
    spatialCrossEntropyGrad(ctx.device, io, { maps: n * k, size: h * w });
    return [dz, null];
  },
};

/**
 * Logits and target maps [N, K, H, W] -> the mean over N * K of -sum over H * W of t * log_softmax(logits), t being the target
 * map divided by its sum. A map whose target sums to 0 (a landmark that is not there) adds nothing and is not counted; with no
 * map left the loss is 0. The targets are constants.
 */
export const spatialSoftmaxCrossEntropy = (logits: Tensor, target: Tensor): Tensor =>
  apply(crossEntropyOp, [logits, target], {});
