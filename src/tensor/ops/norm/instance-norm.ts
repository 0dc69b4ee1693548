import { ConfigError, ShapeError } from "../../../errors.ts";
import { moveInstanceStatistics, type RowNormDims } from "../../../kernels/norm/row-norm.ts";
import { checkOptions, type KeysOf } from "../../../options.ts";
import { apply } from "../../apply.ts";
import { type Shape, show, sizeOf } from "../../shape.ts";
import { full, Tensor } from "../../tensor.ts";
import { batchNorm, refuseHalfStatistics } from "./batch-norm.ts";
import { checkChannels } from "./group-norm.ts";
import { type AffineOptions, affineInputs, type RowNormAttrs, rowNormOp } from "./row-norm.ts";

interface InstanceNormAttrs extends RowNormAttrs {
  readonly momentum: number;
  /** Whether running mean and variance are the last two inputs. */
  readonly running: boolean;
}

const dimsOf = (x: Shape): RowNormDims => ({ outer: x[0], groups: x[1], per: 1, inner: sizeOf(x.slice(2)) });

const instanceNormOp = rowNormOp<InstanceNormAttrs>(
  "instanceNorm",
  dimsOf,
  (shapes, attrs) => {
    const [x] = shapes;
    if (x.length < 3)
      throw new ShapeError(`instanceNorm: x is ${show(x)}; it must be [N, C, L] or [N, C, H, W] or longer`);
    checkChannels("instanceNorm", shapes, attrs);
    if (attrs.running)
      shapes.slice(-2).forEach((s, i) => {
        if (s.length !== 1 || s[0] !== x[1])
          throw new ShapeError(
            `instanceNorm: ${["runningMean", "runningVar"][i]} is ${show(s)} but x ${show(x, "image")} has C=${x[1]}; make it [${x[1]}]`,
          );
      });
    if (sizeOf(x.slice(2)) === 1)
      throw new ShapeError(
        `instanceNorm: x ${show(x, "image")} has one value a channel and sample, whose variance is 0; use a larger image`,
      );
    return x;
  },
  (inputs, stats, { running, momentum }) => {
    if (!running || momentum === 0) return;
    const [x] = inputs;
    const [runningMean, runningVar] = inputs.slice(-2);
    const io = {
      runningMean: runningMean.bindingForWrite("runningMean"),
      runningVar: runningVar.bindingForWrite("runningVar"),
    };
    moveInstanceStatistics(x.device, { x: x.binding("x"), stats: stats.binding(), ...io }, dimsOf(x.shape), momentum);
  },
);

export interface InstanceNormOptions extends AffineOptions {
  /** Both or neither, [C]. */
  readonly runningMean?: Tensor;
  readonly runningVar?: Tensor;
  /** Normalize by each image's own statistics, and move the running ones; else by the running ones. Default true. */
  readonly useInputStats?: boolean;
  /** Share of the batch in the running statistics; 0 leaves them alone. Default 0.1. */
  readonly momentum?: number;
}
const instanceNormKeys: KeysOf<InstanceNormOptions> = {
  runningMean: 1,
  runningVar: 1,
  useInputStats: 1,
  momentum: 1,
  weight: 1,
  bias: 1,
  eps: 1,
};

const constant = (x: Tensor, value: number): Tensor =>
  x.isMeta ? Tensor.meta([x.shape[1]], x.dtype) : full(x.device, [x.shape[1]], value, x.dtype);

/**
 * (x - mean) / sqrt(variance + eps) * weight + bias, with the mean and the biased variance of each channel of each sample of
 * x [N, C, ...]; weight and bias [C], each left out at will (Ulyanov, Vedaldi, Lempitsky, "Instance normalization", 2016).
 * With running statistics these are overwritten in place as PyTorch does: new = old + momentum * (mean over N of the samples'
 * - old), the variances unbiased. Throws ShapeError where shapes differ or a channel has one value, ConfigError for running
 * statistics that are wanted and not there, DTypeError where float16 statistics would be moved.
 */
export function instanceNorm(x: Tensor, options: InstanceNormOptions = {}): Tensor {
  const {
    runningMean,
    runningVar,
    useInputStats = true,
    momentum = 0.1,
    ...affine
  } = checkOptions("instanceNorm", options, instanceNormKeys);
  if ((runningMean === undefined) !== (runningVar === undefined) || (!useInputStats && !runningMean))
    throw new ConfigError(
      "runningMean",
      "instanceNorm: give both runningMean and runningVar, or neither and useInputStats",
    );
  if (!useInputStats) {
    const { weight = constant(x, 1), bias = constant(x, 0), eps } = affine;
    const y = batchNorm(x, {
      weight,
      bias,
      runningMean: runningMean as Tensor,
      runningVar: runningVar as Tensor,
      training: false,
      eps,
    });
    if (!affine.weight) weight.dispose();
    if (!affine.bias) bias.dispose();
    return y;
  }
  refuseHalfStatistics("instanceNorm", [runningMean, runningVar], momentum);
  const { inputs, attrs } = affineInputs(x, affine);
  const running = runningMean && runningVar ? [runningMean, runningVar] : [];
  return apply(instanceNormOp, [...inputs, ...running], { ...attrs, momentum, running: running.length > 0 });
}
