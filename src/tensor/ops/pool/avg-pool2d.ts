import { ConfigError } from "../../../errors.ts";
import { type AvgPoolDims, avgPoolForward, avgPoolInputGrad } from "../../../kernels/pool/avg-pool2d.ts";
import { checkOptions, type KeysOf } from "../../../options.ts";
import { apply, type Op } from "../../apply.ts";
import type { Shape } from "../../shape.ts";
import { empty, type Tensor } from "../../tensor.ts";
import { type Pair, pair, type Sides, sides } from "../common/axes.ts";
import { type WindowAttrs, windowShape } from "./window.ts";

interface AvgPoolAttrs extends Omit<WindowAttrs, "dilation"> {
  readonly count_include_pad: boolean;
  readonly divisor_override: number | null;
}

const dims = (x: Shape, y: Shape, { count_include_pad, divisor_override, ...attrs }: AvgPoolAttrs): AvgPoolDims => ({
  planes: x[0] * x[1],
  h: x[2],
  w: x[3],
  outH: y[2],
  outW: y[3],
  countIncludePad: count_include_pad,
  divisor: divisor_override ?? 0,
  ...attrs,
});

const avgPoolOp: Op<AvgPoolAttrs> = {
  name: "avgPool2d",
  shape: ([x], attrs) => windowShape("avgPool2d", x, attrs),
  forward(ctx, [x], attrs) {
    const y = ctx.empty();
    avgPoolForward(ctx.device, { x: x.binding("x"), y: y.binding() }, dims(x.shape, ctx.shape, attrs));
    return y;
  },
  backward(ctx, g, attrs) {
    const [x] = ctx.inputShapes;
    const dx = empty(ctx.device, x, "f32", "avgPool2d's gradient");
    avgPoolInputGrad(ctx.device, { g: g.binding(), inputGrad: dx.binding() }, dims(x, g.shape, attrs));
    return [dx];
  },
};

export interface AvgPool2dOptions {
  readonly kernelSize: Pair;
  /** By default the kernel. */
  readonly stride?: Pair;
  readonly padding?: Sides;
  /** The last window may reach past the end, if it starts inside the image or the padding before it. */
  readonly ceilMode?: boolean;
  /** Divide by the taps in the padded image (the default, as PyTorch's), else by the number of pixels inside. */
  readonly countIncludePad?: boolean;
  /** Divide by this instead. */
  readonly divisorOverride?: number | null;
}
const avgPool2dKeys: KeysOf<AvgPool2dOptions> = {
  kernelSize: 1,
  stride: 1,
  padding: 1,
  ceilMode: 1,
  countIncludePad: 1,
  divisorOverride: 1,
};

/** Throws ConfigError for a divisor that is none. @internal */
export const divisorOf = (op: string, divisor: number | null): number | null => {
  if (divisor !== null && (!Number.isFinite(divisor) || divisor === 0))
    throw new ConfigError(
      "divisorOverride",
      `${op}: divisorOverride is ${divisor}; give a number other than 0, or leave it out to divide by the count`,
    );
  return divisor;
};

/**
 * The mean of each window: [N, C, H, W] -> [N, C, H', W']. Throws ShapeError for a window that does not fit. As in PyTorch
 * a window that `ceilMode` lets reach past the padded image counts only its taps within it.
 */
export function avgPool2d(x: Tensor, options: AvgPool2dOptions): Tensor {
  const {
    kernelSize,
    stride = kernelSize,
    padding = 0,
    ceilMode = false,
    countIncludePad = true,
    divisorOverride = null,
  } = checkOptions("avgPool2d", options, avgPool2dKeys);
  return apply(avgPoolOp, [x], {
    kernel: pair("avgPool2d", "kernelSize", kernelSize, 1),
    stride: pair("avgPool2d", "stride", stride, 1),
    padding: sides("avgPool2d", padding),
    ceil_mode: ceilMode,
    count_include_pad: countIncludePad,
    divisor_override: divisorOf("avgPool2d", divisorOverride),
  });
}
