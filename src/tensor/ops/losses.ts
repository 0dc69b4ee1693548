import { ConfigError, ShapeError } from "../../errors.ts";
import { lossGrad, lossSum, spatialCrossEntropy, spatialCrossEntropyGrad } from "../../kernels/losses.ts";
import { apply, type Op } from "../apply.ts";
import { type Shape, sameShape, show } from "../shape.ts";
import { empty, full, type Tensor, zeros } from "../tensor.ts";
import { mapBroadcastNew, mapNew } from "./map.ts";
import { checkMaps } from "./soft-argmax2d.ts";

/** What becomes of the terms: their mean, their sum, or nothing. */
export type Reduction = "mean" | "sum" | "none";

interface LossAttrs {
  readonly reduction: Reduction;
  readonly beta?: number;
}

const equalShapes = (op: string, [a, b]: readonly Shape[]): void => {
  if (!sameShape(a, b))
    throw new ShapeError(
      `${op}: the prediction is ${show(a)} and the target ${show(b)}; make them equal (losses do not broadcast)`,
    );
};

/** A loss of terms f(a, b): WGSL expressions of a, b and p0 (beta) for the term and its gradients; null: none. */
const pointwise = (name: string, term: string, grads: readonly (string | null)[]): Op<LossAttrs> => ({
  name,
  shape(shapes, { reduction }) {
    equalShapes(name, shapes);
    if (reduction !== "mean" && reduction !== "sum" && reduction !== "none")
      throw new ConfigError("reduction", `${name}: reduction is ${reduction}; use "mean", "sum" or "none"`);
    return reduction === "none" ? shapes[0] : [];
  },
  forward(ctx, [a, b], { reduction, beta = 0 }) {
    ctx.save(a, b);
    if (reduction === "none") return mapNew(term, a, b, [beta, 0]);
    if (a.size === 0) return full(ctx.device, [], reduction === "mean" ? Number.NaN : 0);
    const loss = ctx.empty();
    const scale = reduction === "mean" ? 1 / a.size : 1;
    lossSum(
      ctx.device,
      term,
      { a: a.binding("prediction"), b: b.binding("target"), loss: loss.binding() },
      { n: a.size, p0: beta, scale },
    );
    return loss;
  },
  backward(ctx, g, { reduction, beta = 0 }) {
    const [a, b] = ctx.saved;
    return grads.map((expression, i) => {
      if (expression === null || !ctx.needs[i]) return null;
      if (a.size === 0) return zeros(ctx.device, a.shape);
      if (reduction === "none") return mapBroadcastNew(`c * (${expression})`, [a, b, g], a.shape, [beta, 0]);
      const y = empty(ctx.device, a.shape, "f32", `${name}'s gradient`);
      const scale = reduction === "mean" ? 1 / a.size : 1;
      lossGrad(
        ctx.device,
        expression,
        { a: a.binding(), b: b.binding(), g: g.binding(), y: y.binding() },
        { n: a.size, p0: beta, scale },
      );
      return y;
    });
  },
});

const mseOp = pointwise("mse_loss", "(a - b) * (a - b)", ["2.0 * (a - b)", "2.0 * (b - a)"]);
const bceOp = pointwise("bce_with_logits", "max(a, 0.0) - a * b + log_one_plus(exp(-abs(a)))", [
  "logistic(a) - b",
  null,
]);
// The division by a beta of 0 stands in the branch that is then not taken.
const bend = (quadratic: string, linear: string) => `select(${linear}, ${quadratic}, abs(a - b) < p0)`;
const slope = (d: string) => bend(`(${d}) / max(p0, 1e-30)`, `sign(${d})`);
const smoothL1Op = pointwise("smooth_l1", bend("0.5 * (a - b) * (a - b) / max(p0, 1e-30)", "abs(a - b) - 0.5 * p0"), [
  slope("a - b"),
  slope("b - a"),
]);

const crossEntropyOp: Op<Record<string, never>> = {
  name: "spatial_softmax_ce",
  shape(shapes) {
    checkMaps("spatial_softmax_ce", shapes[0]);
    equalShapes("spatial_softmax_ce", shapes);
    return [];
  },
  forward(ctx, [z, y]) {
    const [n, k, h, w] = z.shape;
    const [stats, share, loss] = [ctx.empty([n, k, 4]), ctx.empty([1]), ctx.empty()];
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
    const dz = empty(ctx.device, z.shape, "f32", "spatial_softmax_ce's gradient");
    const io = {
      z: z.binding(),
      y: y.binding(),
      stats: stats.binding(),
      share: share.binding(),
      g: g.binding(),
      dz: dz.binding(),
    };
    spatialCrossEntropyGrad(ctx.device, io, { maps: n * k, size: h * w });
    return [dz, null];
  },
};

export interface LossOptions {
  /** Default "mean". */
  readonly reduction?: Reduction;
}

/** (prediction - target)^2; the gradient flows to both. Shapes must be equal. */
export const mseLoss = (prediction: Tensor, target: Tensor, { reduction = "mean" }: LossOptions = {}): Tensor =>
  apply(mseOp, [prediction, target], { reduction });

/** Cross-entropy of sigmoid(logits) with targets in [0, 1], without overflow. The targets are constants. */
export const bceWithLogits = (logits: Tensor, target: Tensor, { reduction = "mean" }: LossOptions = {}): Tensor =>
  apply(bceOp, [logits, target], { reduction });

/** With d = prediction - target: d^2 / (2 beta) where |d| < beta, else |d| - beta / 2; beta = 0 gives |d|. The gradient flows to both. */
export function smoothL1(
  prediction: Tensor,
  target: Tensor,
  { beta = 1, reduction = "mean" }: LossOptions & { beta?: number } = {},
): Tensor {
  if (!(beta >= 0 && Number.isFinite(beta)))
    throw new ConfigError("beta", `smooth_l1: beta is ${beta}; give a number of at least 0`);
  return apply(smoothL1Op, [prediction, target], { beta, reduction });
}

/**
 * Logits and target maps [N, K, H, W] -> the mean over N * K of -sum over H * W of t * log_softmax(logits), t being the target
 * map divided by its sum. A map whose target sums to 0 (a landmark that is not there) adds nothing and is not counted; with no
 * map left the loss is 0. The targets are constants.
 */
export const spatialSoftmaxCrossEntropy = (logits: Tensor, target: Tensor): Tensor =>
  apply(crossEntropyOp, [logits, target], {});
