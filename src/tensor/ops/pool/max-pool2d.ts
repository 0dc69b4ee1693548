import { maxPoolForward, maxPoolInputGrad, type PoolDims } from "../../../kernels/pool/max-pool2d.ts";
import { checkOptions, type KeysOf } from "../../../options.ts";
import { apply, type Op } from "../../apply.ts";
import type { Shape } from "../../shape.ts";
import { empty, type Tensor } from "../../tensor.ts";
import { type Pair, pair, type Sides, sides } from "../common/axes.ts";
import { type WindowAttrs, windowShape } from "./window.ts";

type MaxPoolAttrs = Required<WindowAttrs>;

const dims = (x: Shape, y: Shape, attrs: MaxPoolAttrs): PoolDims => ({
  planes: x[0] * x[1],
  h: x[2],
  w: x[3],
  outH: y[2],
  outW: y[3],
  ...attrs,
});

const maxPoolOp: Op<MaxPoolAttrs> = {
  name: "maxPool2d",
  shape: ([x], attrs) => windowShape("maxPool2d", x, attrs),
  forward(ctx, [x], attrs) {
    const y = ctx.empty();
    const index = ctx.recording ? ctx.empty(ctx.shape, "u32") : undefined;
    maxPoolForward(
      ctx.device,
      { x: x.binding("x"), y: y.binding(), index: index?.binding() },
      dims(x.shape, ctx.shape, attrs),
    );
    if (index) ctx.save(index);
    return y;
  },
  backward(ctx, g, attrs) {
    const [x] = ctx.inputShapes;
    const dx = empty(ctx.device, x, "f32", "maxPool2d's gradient");
    maxPoolInputGrad(
      ctx.device,
      { g: g.binding(), index: ctx.saved[0].binding(), inputGrad: dx.binding() },
      dims(x, g.shape, attrs),
    );
    return [dx];
  },
};

export interface MaxPool2dOptions {
  readonly kernelSize: Pair;
  /** By default the kernel. */
  readonly stride?: Pair;
  readonly padding?: Sides;
  readonly dilation?: Pair;
  /** The last window may reach past the end, if it starts inside the image or the padding before it. */
  readonly ceilMode?: boolean;
}
const maxPool2dKeys: KeysOf<MaxPool2dOptions> = { kernelSize: 1, stride: 1, padding: 1, dilation: 1, ceilMode: 1 };

/**
 * The largest of each window: [N, C, H, W] -> [N, C, H', W']. Padding counts as -infinity; the first of equal values takes
 * the gradient; NaN goes through. Throws ShapeError for a window that does not fit.
 */
export function maxPool2d(x: Tensor, options: MaxPool2dOptions): Tensor {
  const {
    kernelSize,
    stride = kernelSize,
    padding = 0,
    dilation = 1,
    ceilMode = false,
  } = checkOptions("maxPool2d", options, maxPool2dKeys);
  return apply(maxPoolOp, [x], {
    kernel: pair("maxPool2d", "kernelSize", kernelSize, 1),
    stride: pair("maxPool2d", "stride", stride, 1),
    padding: sides("maxPool2d", padding),
    dilation: pair("maxPool2d", "dilation", dilation, 1),
    ceil_mode: ceilMode,
  });
}
