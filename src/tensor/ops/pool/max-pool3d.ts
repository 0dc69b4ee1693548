import { maxPool3dForward, maxPool3dInputGrad, type Pool3dDims } from "../../../kernels/pool/max-pool3d.ts";
import { checkOptions, type KeysOf } from "../../../options.ts";
import { apply, type Op } from "../../apply.ts";
import type { Shape } from "../../shape.ts";
import { empty, type Tensor } from "../../tensor.ts";
import { type Sides3, sides3, type Triple, triple } from "../common/axes.ts";
import { type Windows, windowShape } from "./window.ts";

interface MaxPool3dAttrs extends Windows {
  readonly kernel: readonly [number, number, number];
  readonly stride: readonly [number, number, number];
  readonly padding: readonly [number, number, number, number, number, number];
  readonly dilation: readonly [number, number, number];
  readonly ceil_mode: boolean;
}

const dims = (x: Shape, y: Shape, { kernel, stride, padding, dilation }: MaxPool3dAttrs): Pool3dDims => ({
  planes: x[0] * x[1],
  size: [x[2], x[3], x[4]],
  out: [y[2], y[3], y[4]],
  kernel,
  stride,
  padding,
  dilation,
});

const maxPool3dOp: Op<MaxPool3dAttrs> = {
  name: "maxPool3d",
  shape: ([x], attrs) => windowShape("maxPool3d", x, attrs),
  forward(ctx, [x], attrs) {
    const y = ctx.empty();
    const index = ctx.recording ? ctx.empty(ctx.shape, "u32") : undefined;
    const io = { x: x.binding("x"), y: y.binding(), index: index?.binding() };
    maxPool3dForward(ctx.device, io, dims(x.shape, ctx.shape, attrs));
    if (index) ctx.save(index);
    return y;
  },
  backward(ctx, g, attrs) {
    const [x] = ctx.inputShapes;
    const dx = empty(ctx.device, x, "f32", "maxPool3d's gradient");
    const io = { g: g.binding(), index: ctx.saved[0].binding(), inputGrad: dx.binding() };
    maxPool3dInputGrad(ctx.device, io, dims(x, g.shape, attrs));
    return [dx];
  },
};

export interface MaxPool3dOptions {
  readonly kernelSize: Triple;
  /** By default the kernel. */
  readonly stride?: Triple;
  readonly padding?: Sides3;
  readonly dilation?: Triple;
  /** The last window may reach past the end, if it starts inside the volume or the padding before it. */
  readonly ceilMode?: boolean;
}
const maxPool3dKeys: KeysOf<MaxPool3dOptions> = { kernelSize: 1, stride: 1, padding: 1, dilation: 1, ceilMode: 1 };

/**
 * The largest of each window: [N, C, D, H, W] -> [N, C, D', H', W']. Padding counts as -infinity; the first of equal values
 * in row-major order takes the gradient; NaN goes through. Throws ShapeError for a window that does not fit.
 */
export function maxPool3d(x: Tensor, options: MaxPool3dOptions): Tensor {
  const {
    kernelSize,
    stride = kernelSize,
    padding = 0,
    dilation = 1,
    ceilMode = false,
  } = checkOptions("maxPool3d", options, maxPool3dKeys);
  return apply(maxPool3dOp, [x], {
    kernel: triple("maxPool3d", "kernelSize", kernelSize, 1),
    stride: triple("maxPool3d", "stride", stride, 1),
    padding: sides3("maxPool3d", padding),
    dilation: triple("maxPool3d", "dilation", dilation, 1),
    ceil_mode: ceilMode,
  });
}
