import { DTypeError, ShapeError } from "../../../errors.ts";
import { foldBatchNormKernel } from "../../../kernels/norm/fold-batch-norm.ts";
import { show } from "../../shape.ts";
import { empty, type Tensor } from "../../tensor.ts";

export interface FoldedConvolution {
  readonly weight: Tensor;
  readonly bias: Tensor;
}

/**
 * A convolution's weights [O, ...] and bias [O] with the batch norm behind it taken in, as it is outside training:
 * conv(x, folded) is batchNorm(conv(x, weight) + bias) up to rounding. No gradient. Throws ShapeError for vectors that are
 * not [O].
 */
export function foldBatchNorm(
  { weight, bias }: { weight: Tensor; bias?: Tensor },
  norm: { weight: Tensor; bias: Tensor; runningMean: Tensor; runningVar: Tensor; eps: number },
): FoldedConvolution {
  const channels = weight.shape[0];
  const vectors = { bias, "norm.weight": norm.weight, "norm.bias": norm.bias };
  for (const [name, t] of Object.entries({ ...vectors, runningMean: norm.runningMean, runningVar: norm.runningVar }))
    if (t && (t.rank !== 1 || t.shape[0] !== channels))
      throw new ShapeError(
        `foldBatchNorm: ${name} is ${show(t.shape)}; it must be [${channels}], as ${show(weight.shape)} has it`,
      );
  for (const [name, t] of Object.entries({ ...vectors, runningMean: norm.runningMean, runningVar: norm.runningVar }))
    if (t && t.dtype !== weight.dtype)
      throw new DTypeError(
        `foldBatchNorm: ${name} is ${t.dtype} and the weight ${weight.dtype}; make them one by cast`,
      );
  const { device } = weight;
  const out = {
    weight: empty(device, weight.shape, weight.dtype, "folded weight"),
    bias: empty(device, [channels], weight.dtype, "folded bias"),
  };
  foldBatchNormKernel(
    device,
    {
      weight: weight.binding("weight"),
      bias: bias?.binding("bias"),
      gamma: norm.weight.binding("norm.weight"),
      beta: norm.bias.binding("norm.bias"),
      mean: norm.runningMean.binding("runningMean"),
      variance: norm.runningVar.binding("runningVar"),
      foldedWeight: out.weight.binding(),
      foldedBias: out.bias.binding(),
    },
    { channels, k: weight.size / channels, eps: norm.eps },
  );
  return out;
}
