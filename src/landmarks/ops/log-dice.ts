import { ConfigError, ShapeError } from "../../errors.ts";
import { type DiceDims, logDiceForward, logDiceGrad } from "../../kernels/landmarks/log-dice.ts";
import { fillWith } from "../../kernels/layout/strided.ts";
import { checkOptions, type KeysOf } from "../../options.ts";
import { apply, type Op } from "../../tensor/apply.ts";
import { equalShapes } from "../../tensor/ops/loss/losses-op.ts";
import { type Shape, show, sizeOf } from "../../tensor/shape.ts";
import { empty, Tensor } from "../../tensor/tensor.ts";

interface LogDiceAttrs {
  readonly eps: number;
}

const dims = (p: Shape): DiceDims => ({ batch: p[0], classes: p[1], size: sizeOf(p.slice(2)) });

const logDiceOp: Op<LogDiceAttrs> = {
  name: "logDiceLoss",
  shape(shapes) {
    equalShapes("logDiceLoss", shapes);
    const [p, , w] = shapes;
    if (p.length < 2 || sizeOf(p) === 0)
      throw new ShapeError(`logDiceLoss: the maps are ${show(p)}; they must be [N, C, ...] and hold something`);
    if (w.length !== 1 || w[0] !== p[1])
      throw new ShapeError(`logDiceLoss: the weight is ${show(w)}; give one number for each of the ${p[1]} classes`);
    return [];
  },
  forward(ctx, [p, t, w], { eps }) {
    const { batch, classes } = dims(p.shape);
    const loss = ctx.empty();
    const slopes = ctx.empty([batch, classes, 2], "f32");
    const io = {
      p: p.binding("probabilities"),
      t: t.binding("target"),
      weights: w.binding("weight"),
      slopes: slopes.binding(),
      loss: loss.binding(),
    };
    logDiceForward(ctx.device, io, dims(p.shape), eps);
    ctx.save(p, t, slopes);
    return loss;
  },
  backward(ctx, g) {
    const [p, t, slopes] = ctx.saved;
    const dp = empty(ctx.device, p.shape, "f32", "logDiceLoss's gradient");
    const io = { p: p.binding(), t: t.binding(), slopes: slopes.binding(), g: g.binding(), inputGrad: dp.binding() };
    logDiceGrad(ctx.device, io, dims(p.shape));
    return [dp, null, null];
  },
};

export interface LogDiceLossOptions {
  /** A weight for each class [C]; a constant. Default 1 each. */
  readonly weight?: Tensor;
  /** Added above and below, so that maps that are empty on both sides agree. Default 1e-6. */
  readonly eps?: number;
}
const logDiceLossKeys: KeysOf<LogDiceLossOptions> = { weight: 1, eps: 1 };

/** Ones without a write from the host, which could not overtake what is recorded. */
function ones(like: Tensor, count: number): Tensor {
  if (like.isMeta) return Tensor.meta([count], like.dtype);
  const t = empty(like.device, [count], like.dtype, "logDiceLoss's weights");
  fillWith(like.device, t.binding(), count, 1);
  return t;
}

/**
 * Probabilities p and targets t [N, C, ...] -> the sum over the classes of -weight ln(mean over N of D), D being the Dice share
 * (2 sum p t + eps) / (sum p^2 + sum t^2 + eps) of each map (Xue et al. 2021). The targets are constants.
 */
export function logDiceLoss(probabilities: Tensor, target: Tensor, options: LogDiceLossOptions = {}): Tensor {
  const { weight, eps = 1e-6 } = checkOptions("logDiceLoss", options, logDiceLossKeys);
  if (!(eps >= 0 && Number.isFinite(eps)))
    throw new ConfigError("eps", `logDiceLoss: eps is ${eps}; give a number of at least 0`);
  const classes = probabilities.shape[1] ?? 0;
  const w = weight ?? ones(probabilities, classes);
  const loss = apply(logDiceOp, [probabilities, target, w], { eps });
  if (w !== weight) w.dispose();
  return loss;
}
