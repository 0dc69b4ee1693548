import { DTypeError, ShapeError } from "../../../errors.ts";
import {
  type BatchNormDims,
  batchStatistics,
  normalize,
  normInputGrad,
  normSums,
} from "../../../kernels/norm/batch-norm.ts";
import { checkOptions, type KeysOf } from "../../../options.ts";
import { apply, type Op } from "../../apply.ts";
import { type Shape, show, sizeOf } from "../../shape.ts";
import { empty, type Tensor, zeros } from "../../tensor.ts";
import { mapNew } from "../elementwise/map.ts";

interface BatchNormAttrs {
  readonly training: boolean;
  readonly eps: number;
  /** Share of the batch in the running statistics; left out: they stay as they are. */
  readonly momentum?: number;
}

const names = ["x", "weight", "bias", "runningMean", "runningVar"];
const dimsOf = (x: Shape): BatchNormDims => ({ n: x[0], c: x[1], s: sizeOf(x.slice(2)) });

function shapeOf(shapes: readonly Shape[], { training }: BatchNormAttrs): Shape {
  const [x] = shapes;
  if (x.length < 2) throw new ShapeError(`batchNorm: x is ${show(x)}; it must be [N, C, ...]`);
  shapes.slice(1).forEach((s, i) => {
    if (s.length !== 1 || s[0] !== x[1])
      throw new ShapeError(
        `batchNorm: ${names[i + 1]} is ${show(s)} but x ${show(x, "image")} has C=${x[1]}; make it [${x[1]}]`,
      );
  });
  const { n, s } = dimsOf(x);
  if (training && n * s === 1)
    throw new ShapeError(
      `batchNorm: x ${show(x, "image")} has one value a channel, whose variance is 0; use a larger batch or image, or eval mode`,
    );
  return x;
}

const batchNormOp: Op<BatchNormAttrs> = {
  name: "batchNorm",
  shape: shapeOf,
  forward(ctx, [x, weight, bias, runningMean, runningVar], { training, eps, momentum = 0 }) {
    const y = ctx.empty();
    const dims = dimsOf(x.shape);
    if (x.size === 0) return y;
    let mean = runningMean;
    let invstd: Tensor;
    if (training) {
      mean = ctx.empty([dims.c], "f32");
      invstd = ctx.empty([dims.c], "f32");
      const bound = (t: Tensor, name: string) => (momentum === 0 ? t.binding(name) : t.bindingForWrite(name));
      const running = {
        runningMean: bound(runningMean, "runningMean"),
        runningVar: bound(runningVar, "runningVar"),
      };
      batchStatistics(
        ctx.device,
        { x: x.binding("x"), mean: mean.binding(), invstd: invstd.binding(), ...running },
        dims,
        { eps, momentum },
      );
    } else {
      invstd = mapNew("1.0 / sqrt(a + p0)", runningVar, undefined, [eps, 0], "f32");
      // A copy: a training step between forward and backward may move the running mean.
      if (ctx.recording && ctx.needs[1]) mean = mapNew("a", runningMean);
    }
    const io = {
      mean: mean.binding(),
      invstd: invstd.binding(),
      weight: weight.binding("weight"),
      bias: bias.binding("bias"),
    };
    normalize(ctx.device, { x: x.binding("x"), ...io, y: y.binding() }, dims);
    if (training || ctx.needs[1]) ctx.save(invstd, weight, mean, x);
    else ctx.save(invstd, weight);
    return y;
  },
  backward(ctx, g, { training }) {
    const [shape, channels] = ctx.inputShapes;
    const dims = dimsOf(shape);
    if (g.size === 0) return [g, zeros(ctx.device, channels), zeros(ctx.device, channels), null, null];
    const [invstd, weight, mean, x] = ctx.saved;
    const dweight = empty(ctx.device, channels, "f32", "batchNorm's weight gradient");
    const dbias = empty(ctx.device, channels, "f32", "batchNorm's bias gradient");
    const sums = {
      mean: (mean ?? invstd).binding(),
      invstd: invstd.binding(),
      weightGrad: dweight.binding(),
      biasGrad: dbias.binding(),
    };
    // Without x the weight wants no gradient, and g in its place gives the bias its own.
    if (training || ctx.needs[1] || ctx.needs[2])
      normSums(ctx.device, { x: (x ?? g).binding("x"), g: g.binding(), ...sums }, dims);
    if (!ctx.needs[0]) return [null, dweight, dbias, null, null];
    if (!training) {
      const dx = empty(ctx.device, shape, "f32", "batchNorm's gradient");
      const none = zeros(ctx.device, channels).binding();
      const io = { x: g.binding(), mean: none, bias: none, invstd: invstd.binding(), weight: weight.binding("weight") };
      normalize(ctx.device, { ...io, y: dx.binding() }, dims);
      return [dx, dweight, dbias, null, null];
    }
    const dx = empty(ctx.device, shape, "f32", "batchNorm's gradient");
    normInputGrad(
      ctx.device,
      { x: x.binding("x"), g: g.binding(), ...sums, weight: weight.binding("weight"), inputGrad: dx.binding() },
      dims,
    );
    return [dx, dweight, dbias, null, null];
  },
};

/** Throws DTypeError for running statistics of float16 that would be moved: most of a small share is lost in their rounding. */
export function refuseHalfStatistics(op: string, running: readonly (Tensor | undefined)[], momentum: number): void {
  if (momentum !== 0 && running.some((t) => t?.dtype === "f16"))
    throw new DTypeError(
      `${op}: running statistics are float16, in which a share of ${momentum} of a batch is lost; call model.eval() to infer or model.float() to train`,
    );
}

/** All of [C]: weight and bias scale and shift each channel; the running ones stand for the batch's in evaluation. */
export interface BatchNormOptions {
  readonly weight: Tensor;
  readonly bias: Tensor;
  readonly runningMean: Tensor;
  readonly runningVar: Tensor;
  /** Normalize by the batch's statistics, and move the running ones; else by the running ones. */
  readonly training: boolean;
  /** Share of the batch in the running statistics; 0 leaves them alone. Default 0.1. */
  readonly momentum?: number;
  /** Added to the variance. Default 1e-5. */
  readonly eps?: number;
}
const batchNormKeys: KeysOf<BatchNormOptions> = {
  weight: 1,
  bias: 1,
  runningMean: 1,
  runningVar: 1,
  training: 1,
  momentum: 1,
  eps: 1,
};

/**
 * (x - mean) / sqrt(variance + eps) * weight + bias for each channel of x [N, C, ...]; all else [C]. In training the mean and
 * the biased variance are the batch's, the gradient flows through them, and runningMean and runningVar are overwritten in
 * place: new = old + momentum * (batch's - old), the variance unbiased, as PyTorch does. Throws ShapeError where shapes
 * differ, or where training has one value a channel, DTypeError where it would move float16 statistics.
 */
export function batchNorm(x: Tensor, options: BatchNormOptions): Tensor {
  const {
    weight,
    bias,
    runningMean,
    runningVar,
    training,
    momentum = 0.1,
    eps = 1e-5,
  } = checkOptions("batchNorm", options, batchNormKeys);
  if (training) refuseHalfStatistics("batchNorm", [runningMean, runningVar], momentum);
  return apply(batchNormOp, [x, weight, bias, runningMean, runningVar], { training, eps, momentum });
}
