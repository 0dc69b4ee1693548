import { conv2d, foldBatchNorm, isGradEnabled, type Tensor } from "../../tensor/index.ts";
import type { Layer } from "../module.ts";
import { ReLU } from "./activations.ts";
import { Conv2d } from "./conv.ts";
import { BatchNorm2d } from "./norm.ts";

/** Only the very classes: a subclass may do something else. */
const is = <T extends Layer>(layer: Layer | undefined, of: new (...args: never[]) => T): layer is T =>
  layer?.constructor === of;

/**
 * Runs the layers from `at` on that one kernel can do: a convolution with the ReLU behind it and, where neither training nor a
 * gradient asks for the values between, with the batch norm between them folded into its weights. undefined where there is
 * nothing to fuse.
 */
export function runFused(layers: readonly Layer[], at: number, x: Tensor): { y: Tensor; next: number } | undefined {
  const conv = layers[at];
  if (!is(conv, Conv2d) || conv.options.paddingMode !== "zeros") return undefined;
  let next = at + 1;
  const norm = layers[next];
  const folds = is(norm, BatchNorm2d) && !norm.training && !isGradEnabled() && !x.isMeta && norm.weight.ready;
  if (folds) next++;
  const relu = is(layers[next], ReLU);
  if (relu) next++;
  if (next === at + 1) return undefined;
  const { paddingMode: _, ...options } = conv.options;
  const activation = relu ? ("relu" as const) : undefined;
  const own = { weight: conv.weight.value, bias: conv.bias?.value };
  if (!folds) return { y: conv2d(x, own.weight, { ...options, bias: own.bias, activation }), next };
  const { weight, bias, runningMean, runningVar } = norm;
  const folded = foldBatchNorm(own, {
    weight: weight.value,
    bias: bias.value,
    runningMean: runningMean.value,
    runningVar: runningVar.value,
    eps: norm.options.eps,
  });
  const y = conv2d(x, folded.weight, { ...options, bias: folded.bias, activation });
  folded.weight.dispose();
  folded.bias.dispose();
  return { y, next };
}
