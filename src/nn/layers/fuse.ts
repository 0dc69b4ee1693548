import { conv2d, foldBatchNorm, isGradEnabled, relu, type Tensor } from "../../tensor/index.ts";
import type { Layer } from "../module.ts";
import { ReLU } from "./activations.ts";
import type { ChainStep } from "./chain.ts";
import { Conv2d } from "./conv.ts";
import { BatchNorm2d } from "./norm.ts";

/** Only the very classes: a subclass may do something else. */
const is = <T extends Layer>(step: ChainStep | undefined, of: new (...args: never[]) => T): step is T =>
  step?.constructor === of;

/** How many steps the kernel of a convolution does, its own included, and how. */
export interface Fused {
  readonly count: number;
  run(x: Tensor): Tensor;
}

/**
 * The steps from `at` on that one kernel can do: a convolution with the ReLU behind it and, where neither training nor a
 * gradient asks for the values between, with the batch norm between them folded into its weights. undefined where there is
 * nothing to fuse.
 */
export function fusedAt(steps: readonly ChainStep[], at: number, x: Tensor): Fused | undefined {
  const conv = steps[at];
  if (!is(conv, Conv2d) || conv.options.paddingMode !== "zeros") return undefined;
  let next = at + 1;
  const norm = steps[next];
  const folds = is(norm, BatchNorm2d) && !norm.training && !isGradEnabled() && !x.isMeta && norm.weight.ready;
  if (folds) next++;
  const last = steps[next];
  const rectifies = last === relu || is(last, ReLU);
  if (rectifies) next++;
  if (next === at + 1) return undefined;
  const { paddingMode: _, ...options } = conv.options;
  const activation = rectifies ? ("relu" as const) : undefined;
  const run = (x: Tensor): Tensor => {
    const own = { weight: conv.weight.value, bias: conv.bias?.value };
    if (!folds) return conv2d(x, own.weight, { ...options, bias: own.bias, activation });
    const folded = foldBatchNorm(own, {
      weight: norm.weight.value,
      bias: norm.bias.value,
      runningMean: norm.runningMean.value,
      runningVar: norm.runningVar.value,
      eps: norm.options.eps,
    });
    return conv2d(x, folded.weight, { ...options, bias: folded.bias, activation });
  };
  return { count: next - at, run };
}
