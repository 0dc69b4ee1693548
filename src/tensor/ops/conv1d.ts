import { type Conv2dDims, conv2dForward, conv2dInputGrad, conv2dWeightGrad } from "../../kernels/conv2d.ts";
import { apply, type Op } from "../apply.ts";
import { type Shape, sizeOf } from "../shape.ts";
import { empty, type Tensor, zeros } from "../tensor.ts";
import { type ConvAxes, convShape, eachAxis, eachSide } from "./conv-axes.ts";
import { sum } from "./reduce.ts";

/** An image one pixel high: the kernels of conv2d take several outputs of a row together. */
const dimsOf = (x: Shape, w: Shape, y: Shape, a: ConvAxes): Conv2dDims => ({
  n: x[0],
  c: x[1],
  h: 1,
  w: x[2],
  o: w[0],
  kh: 1,
  kw: w[2],
  strideH: 1,
  strideW: a.stride[0],
  padTop: 0,
  padLeft: a.padding[0],
  dilationH: 1,
  dilationW: a.dilation[0],
  groups: a.groups,
  outH: 1,
  outW: y[2],
});

const conv1dOp: Op<ConvAxes> = {
  name: "conv1d",
  shape: (inputs, attrs) => convShape("conv1d", 1, inputs, attrs),
  forward(ctx, [x, w, bias], attrs) {
    if (sizeOf(ctx.shape) === 0 || x.size === 0) return zeros(ctx.device, ctx.shape);
    ctx.save(x, w);
    const y = ctx.empty();
    const io = { x: x.binding("x"), w: w.binding("w"), bias: bias?.binding("bias"), y: y.binding("y") };
    conv2dForward(ctx.device, io, dimsOf(x.shape, w.shape, ctx.shape, attrs));
    return y;
  },
  backward(ctx, g, attrs) {
    const { device, needs, inputShapes } = ctx;
    if (ctx.saved.length === 0) return inputShapes.map((s) => zeros(device, s));
    const [xs, ws] = inputShapes;
    const [x, w] = ctx.saved;
    const dims = dimsOf(xs, ws, g.shape, attrs);
    const dx = needs[0] ? empty(device, xs, "f32", "conv1d dx") : null;
    if (dx) conv2dInputGrad(device, { g: g.binding("grad"), w: w.binding("w"), dx: dx.binding("dx") }, dims);
    const dw = needs[1] ? empty(device, ws, "f32", "conv1d dw") : null;
    if (dw) conv2dWeightGrad(device, { x: x.binding("x"), g: g.binding("grad"), dw: dw.binding("dw") }, dims);
    return [dx, dw, needs[2] ? sum(g, [0, 2]) : null];
  },
};

export interface Conv1dOptions {
  readonly bias?: Tensor;
  readonly stride?: number;
  /** A number for both ends, or [left, right]. */
  readonly padding?: number | readonly [left: number, right: number];
  readonly dilation?: number;
  readonly groups?: number;
}

/**
 * One-dimensional cross-correlation: x [N, C, L] with w [O, C / groups, k] and bias [O] -> [N, O, L'].
 * Throws ShapeError, naming both shapes, when they do not fit.
 */
export function conv1d(
  x: Tensor,
  w: Tensor,
  { bias, stride = 1, padding = 0, dilation = 1, groups = 1 }: Conv1dOptions = {},
): Tensor {
  const attrs: ConvAxes = {
    stride: eachAxis("conv1d", "stride", stride, 1, 1),
    padding: eachSide("conv1d", padding, 1),
    dilation: eachAxis("conv1d", "dilation", dilation, 1, 1),
    groups,
  };
  return apply(conv1dOp, bias ? [x, w, bias] : [x, w], attrs);
}
