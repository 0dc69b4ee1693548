import { ConfigError, ShapeError } from "../../../errors.ts";
import type { ChannelNorm } from "../../../kernels/common/channel-end.ts";
import { type Shape, show, sizeOf } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";

/**
 * A batch norm by fixed statistics behind a convolution, in its kernel: (y - runningMean) / sqrt(runningVar + eps) * weight + bias
 * for each channel of y; the vectors are [O]. No gradient flows through it.
 */
export interface ConvNorm {
  readonly runningMean: Tensor;
  readonly runningVar: Tensor;
  /** Weight and bias: both, or neither for a norm that does not scale and shift. */
  readonly weight?: Tensor;
  readonly bias?: Tensor;
  /** Added to the variance. Default 1e-5. */
  readonly eps?: number;
}

/** The norm as a convolution's op is told of it: its vectors are the last of the inputs. */
export interface NormAttrs {
  readonly eps: number;
  readonly affine: boolean;
}

/** The norm's attributes and its vectors as inputs; throws ConfigError for a weight or a bias alone. @internal */
export function normInputs(op: string, norm: ConvNorm): { attrs: NormAttrs; inputs: readonly Tensor[] } {
  const { runningMean, runningVar, weight, bias, eps = 1e-5 } = norm;
  if ((weight === undefined) !== (bias === undefined))
    throw new ConfigError("norm", `${op}: norm has a ${weight ? "weight" : "bias"} alone; give both or neither`);
  const affine = weight && bias ? [weight, bias] : [];
  return { attrs: { eps, affine: affine.length > 0 }, inputs: [runningMean, runningVar, ...affine] };
}

/** The inputs of a convolution's op: x, w and the bias if there is one, then the norm's vectors if there is a norm. @internal */
export function partsOf<T>(inputs: readonly T[], norm: NormAttrs | undefined) {
  if (!norm) return { own: inputs, vectors: [] };
  const count = norm.affine ? 4 : 2;
  return { own: inputs.slice(0, -count), vectors: inputs.slice(-count) };
}

const names = ["runningMean", "runningVar", "weight", "bias"];

/** Throws ShapeError for vectors that are not [O], and for an x whose sums are empty. @internal */
export function checkNorm(op: string, [x, w]: readonly Shape[], vectors: readonly Shape[]): void {
  vectors.forEach((s, i) => {
    if (s.length !== 1 || s[0] !== w[0])
      throw new ShapeError(
        `${op}: norm.${names[i]} is ${show(s)}; w ${show(w)} makes O=${w[0]} channels, so it must be [${w[0]}]`,
      );
  });
  if (vectors.length > 0 && x[0] !== 0 && sizeOf(x) === 0)
    throw new ShapeError(`${op}: x is ${show(x)}; with a norm only N may be 0: call batchNorm on the result instead`);
}

/** The vectors as the kernels bind them. @internal */
export function boundNorm({ eps }: NormAttrs, vectors: readonly Tensor[]): ChannelNorm {
  const [mean, variance, gamma, beta] = vectors.map((t, i) => t.binding(`norm.${names[i]}`));
  return { mean, variance, affine: gamma && { gamma, beta }, eps };
}
