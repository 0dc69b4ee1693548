import { conv2d, isGradEnabled, relu, type Tensor } from "../../tensor/index.ts";
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
 * gradient asks for the values between, with the batch norm between them. undefined where there is nothing to fuse.
 */
export function fusedAt(steps: readonly ChainStep[], at: number, x: Tensor): Fused | undefined {
  const conv = steps[at];
  if (!is(conv, Conv2d) || conv.options.paddingMode !== "zeros") return undefined;
  let next = at + 1;
  const norm = steps[next];
  const normalizes =
    is(norm, BatchNorm2d) && !norm.training && !isGradEnabled() && !x.isMeta && x.size > 0 && norm.weight.ready;
  if (normalizes) next++;
  const last = steps[next];
  const rectifies = last === relu || is(last, ReLU);
  if (rectifies) next++;
  if (next === at + 1) return undefined;
  const { paddingMode: _, ...options } = conv.options;
  const activation = rectifies ? ("relu" as const) : undefined;
  const run = (x: Tensor): Tensor =>
    conv2d(x, conv.weight.value, {
      ...options,
      bias: conv.bias?.value,
      norm: normalizes
        ? {
            runningMean: norm.runningMean.value,
            runningVar: norm.runningVar.value,
            weight: norm.weight.value,
            bias: norm.bias.value,
            eps: norm.options.eps,
          }
        : undefined,
      activation,
    });
  return { count: next - at, run };
}
