import { type AvgPool3dDims, avgPool3dForward, avgPool3dInputGrad } from "../../../kernels/pool/avg-pool3d.ts";
import { checkOptions, type KeysOf } from "../../../options.ts";
import { apply, type Op } from "../../apply.ts";
import type { Shape } from "../../shape.ts";
import { empty, type Tensor } from "../../tensor.ts";
import { type Sides3, sides3, type Triple, triple } from "../common/axes.ts";
import { divisorOf } from "./avg-pool2d.ts";
import { type Windows, windowShape } from "./window.ts";

interface AvgPool3dAttrs extends Omit<Windows, "dilation"> {
  readonly kernel: readonly [number, number, number];
  readonly stride: readonly [number, number, number];
  readonly padding: readonly [number, number, number, number, number, number];
  readonly count_include_pad: boolean;
  readonly divisor_override: number | null;
}

const dims = (x: Shape, y: Shape, a: AvgPool3dAttrs): AvgPool3dDims => ({
  planes: x[0] * x[1],
  size: [x[2], x[3], x[4]],
  out: [y[2], y[3], y[4]],
  kernel: a.kernel,
  stride: a.stride,
  padding: a.padding,
  countIncludePad: a.count_include_pad,
  divisor: a.divisor_override ?? 0,
});

const avgPool3dOp: Op<AvgPool3dAttrs> = {
  name: "avgPool3d",
  shape: ([x], attrs) => windowShape("avgPool3d", x, attrs),
  forward(ctx, [x], attrs) {
    const y = ctx.empty();
    avgPool3dForward(ctx.device, { x: x.binding("x"), y: y.binding() }, dims(x.shape, ctx.shape, attrs));
    return y;
  },
  backward(ctx, g, attrs) {
    const [x] = ctx.inputShapes;
    const dx = empty(ctx.device, x, "f32", "avgPool3d's gradient");
    avgPool3dInputGrad(ctx.device, { g: g.binding(), inputGrad: dx.binding() }, dims(x, g.shape, attrs));
    return [dx];
  },
};

export interface AvgPool3dOptions {
  readonly kernelSize: Triple;
  /** By default the kernel. */
  readonly stride?: Triple;
  readonly padding?: Sides3;
  /** The last window may reach past the end, if it starts inside the volume or the padding before it. */
  readonly ceilMode?: boolean;
  /** Divide by the taps in the padded volume (the default, as PyTorch's), else by the number of voxels inside. */
  readonly countIncludePad?: boolean;
  /** Divide by this instead. */
  readonly divisorOverride?: number | null;
}
const avgPool3dKeys: KeysOf<AvgPool3dOptions> = {
  kernelSize: 1,
  stride: 1,
  padding: 1,
  ceilMode: 1,
  countIncludePad: 1,
  divisorOverride: 1,
};

/**
 * The mean of each window: [N, C, D, H, W] -> [N, C, D', H', W']. Throws ShapeError for a window that does not fit. As in
 * PyTorch a window that `ceilMode` lets reach past the padded volume counts only its taps within it.
 */
export function avgPool3d(x: Tensor, options: AvgPool3dOptions): Tensor {
  const {
    kernelSize,
    stride = kernelSize,
    padding = 0,
    ceilMode = false,
    countIncludePad = true,
    divisorOverride = null,
  } = checkOptions("avgPool3d", options, avgPool3dKeys);
  return apply(avgPool3dOp, [x], {
    kernel: triple("avgPool3d", "kernelSize", kernelSize, 1),
    stride: triple("avgPool3d", "stride", stride, 1),
    padding: sides3("avgPool3d", padding),
    ceil_mode: ceilMode,
    count_include_pad: countIncludePad,
    divisor_override: divisorOf("avgPool3d", divisorOverride),
  });
}
