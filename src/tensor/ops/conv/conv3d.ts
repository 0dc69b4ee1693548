import { type Conv3dDims, conv3dForward, conv3dInputGrad, conv3dWeightGrad } from "../../../kernels/conv/conv3d.ts";
import { checkOptions, type KeysOf } from "../../../options.ts";
import { apply, type Op } from "../../apply.ts";
import { type Shape, sizeOf } from "../../shape.ts";
import { empty, type Tensor, zeros } from "../../tensor.ts";
import { eachAxis, eachSide, type Sides3, type Triple } from "../common/axes.ts";
import { sum } from "../reduce/reduce.ts";
import { type ConvAxes, convShape } from "./conv-axes.ts";

const dimsOf = (x: Shape, w: Shape, y: Shape, a: ConvAxes): Conv3dDims => ({
  n: x[0],
  c: x[1],
  d: x[2],
  h: x[3],
  w: x[4],
  o: w[0],
  kd: w[2],
  kh: w[3],
  kw: w[4],
  strideD: a.stride[0],
  strideH: a.stride[1],
  strideW: a.stride[2],
  padFront: a.padding[0],
  padTop: a.padding[2],
  padLeft: a.padding[4],
  dilationD: a.dilation[0],
  dilationH: a.dilation[1],
  dilationW: a.dilation[2],
  groups: a.groups,
  outD: y[2],
  outH: y[3],
  outW: y[4],
});

const conv3dOp: Op<ConvAxes> = {
  name: "conv3d",
  shape: (inputs, attrs) => convShape("conv3d", 3, inputs, attrs),
  forward(ctx, [x, w, bias], attrs) {
    if (sizeOf(ctx.shape) === 0 || x.size === 0) return zeros(ctx.device, ctx.shape, x.dtype);
    ctx.save(x, w);
    const y = ctx.empty();
    const io = { x: x.binding("x"), w: w.binding("w"), bias: bias?.binding("bias"), y: y.binding("y") };
    conv3dForward(ctx.device, io, dimsOf(x.shape, w.shape, ctx.shape, attrs));
    return y;
  },
  backward(ctx, g, attrs) {
    const { device, needs, inputShapes } = ctx;
    if (ctx.saved.length === 0) return inputShapes.map((s) => zeros(device, s));
    const [xs, ws] = inputShapes;
    const [x, w] = ctx.saved;
    const dims = dimsOf(xs, ws, g.shape, attrs);
    const dx = needs[0] ? empty(device, xs, "f32", "conv3d dx") : null;
    if (dx) conv3dInputGrad(device, { g: g.binding("grad"), w: w.binding("w"), inputGrad: dx.binding("dx") }, dims);
    const dw = needs[1] ? empty(device, ws, "f32", "conv3d dw") : null;
    if (dw) conv3dWeightGrad(device, { x: x.binding("x"), g: g.binding("grad"), weightGrad: dw.binding("dw") }, dims);
    return [dx, dw, needs[2] ? sum(g, [0, 2, 3, 4]) : null];
  },
};

export interface Conv3dOptions {
  readonly bias?: Tensor;
  readonly stride?: Triple;
  readonly padding?: Sides3;
  readonly dilation?: Triple;
  readonly groups?: number;
}
const conv3dKeys: KeysOf<Conv3dOptions> = { bias: 1, stride: 1, padding: 1, dilation: 1, groups: 1 };

/**
 * Three-dimensional cross-correlation: x [N, C, D, H, W] with w [O, C / groups, kD, kH, kW] and bias [O] ->
 * [N, O, D', H', W']. Throws ShapeError, naming both shapes, when they do not fit.
 */
export function conv3d(x: Tensor, w: Tensor, options: Conv3dOptions = {}): Tensor {
  const { bias, stride = 1, padding = 0, dilation = 1, groups = 1 } = checkOptions("conv3d", options, conv3dKeys);
  const attrs: ConvAxes = {
    stride: eachAxis("conv3d", "stride", stride, 3, 1),
    padding: eachSide("conv3d", padding, 3),
    dilation: eachAxis("conv3d", "dilation", dilation, 3, 1),
    groups,
  };
  return apply(conv3dOp, bias ? [x, w, bias] : [x, w], attrs);
}
