import { type AvgPoolDims, avgPoolForward, avgPoolInputGrad } from "../../kernels/avg-pool2d.ts";
import { apply, type Op } from "../apply.ts";
import type { Shape } from "../shape.ts";
import { empty, type Tensor } from "../tensor.ts";
import { type Pair, pair, type Sides, sides } from "./conv2d.ts";
import { type WindowAttrs, windowShape } from "./window.ts";

interface AvgPoolAttrs extends Omit<WindowAttrs, "dilation"> {
  readonly count_include_pad: boolean;
}

const dims = (x: Shape, y: Shape, { count_include_pad, ...attrs }: AvgPoolAttrs): AvgPoolDims => ({
  planes: x[0] * x[1],
  h: x[2],
  w: x[3],
  outH: y[2],
  outW: y[3],
  countIncludePad: count_include_pad,
  ...attrs,
});

const avgPoolOp: Op<AvgPoolAttrs> = {
  name: "avg_pool2d",
  shape: ([x], attrs) => windowShape("avg_pool2d", x, attrs),
  forward(ctx, [x], attrs) {
    const y = ctx.empty();
    avgPoolForward(ctx.device, { x: x.binding("x"), y: y.binding() }, dims(x.shape, ctx.shape, attrs));
    return y;
  },
  backward(ctx, g, attrs) {
    const [x] = ctx.inputShapes;
    const dx = empty(ctx.device, x, "f32", "avg_pool2d's gradient");
    avgPoolInputGrad(ctx.device, { g: g.binding(), dx: dx.binding() }, dims(x, g.shape, attrs));
    return [dx];
  },
};

export interface AvgPool2dOptions {
  readonly kernel: Pair;
  /** By default the kernel. */
  readonly stride?: Pair;
  readonly padding?: Sides;
  /** Divide by the kernel's size (the default, as PyTorch's), else by the number of pixels inside. */
  readonly countIncludePad?: boolean;
}

/** The mean of each window: [N, C, H, W] -> [N, C, H', W']. Throws ShapeError for a window that does not fit. */
export function avgPool2d(
  x: Tensor,
  { kernel, stride = kernel, padding = 0, countIncludePad = true }: AvgPool2dOptions,
): Tensor {
  return apply(avgPoolOp, [x], {
    kernel: pair("avg_pool2d", "kernel", kernel, 1),
    stride: pair("avg_pool2d", "stride", stride, 1),
    padding: sides("avg_pool2d", padding),
    count_include_pad: countIncludePad,
  });
}
