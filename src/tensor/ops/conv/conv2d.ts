import { ConfigError, GradError } from "../../../errors.ts";
import {
  type Activation,
  type Conv2dDims,
  conv2dForward,
  conv2dInputGrad,
  conv2dWeightGrad,
} from "../../../kernels/conv/conv2d.ts";
import { checkOptions, type KeysOf } from "../../../options.ts";
import { apply, type Op } from "../../apply.ts";
import { type Shape, sizeOf } from "../../shape.ts";
import { empty, type Tensor, zeros } from "../../tensor.ts";
import { type Pair, pair, type Sides, sides } from "../common/axes.ts";
import { mapNew } from "../elementwise/map.ts";
import { sum } from "../reduce/reduce.ts";
import { type ConvAxes, convShape } from "./conv-axes.ts";
import { boundNorm, type ConvNorm, checkNorm, type NormAttrs, normInputs, partsOf } from "./conv-norm.ts";

export interface Conv2dAttrs {
  readonly stride: readonly [h: number, w: number];
  readonly padding: readonly [top: number, bottom: number, left: number, right: number];
  readonly dilation: readonly [h: number, w: number];
  readonly groups: number;
  readonly norm?: NormAttrs;
  readonly activation?: Activation;
}

const dimsOf = (x: Shape, w: Shape, y: Shape, a: Conv2dAttrs): Conv2dDims => ({
  n: x[0],
  c: x[1],
  h: x[2],
  w: x[3],
  o: w[0],
  kh: w[2],
  kw: w[3],
  strideH: a.stride[0],
  strideW: a.stride[1],
  padTop: a.padding[0],
  padLeft: a.padding[2],
  dilationH: a.dilation[0],
  dilationW: a.dilation[1],
  groups: a.groups,
  outH: y[2],
  outW: y[3],
});

/**
 * A convolution that the kernels of two dimensions run: of images, and of lines as images of one row.
 * @param axes how many behind N and C, @param dimsOf its sizes as those kernels see them. @internal
 */
export function planarConvOp<A extends ConvAxes & Pick<Conv2dAttrs, "norm" | "activation">>(
  name: string,
  axes: 1 | 2,
  dimsOf: (x: Shape, w: Shape, y: Shape, attrs: A) => Conv2dDims,
): Op<A> {
  return {
    name,
    shape(inputs, attrs) {
      const { own, vectors } = partsOf(inputs, attrs.norm);
      const shape = convShape(name, axes, own, attrs);
      checkNorm(name, own, vectors);
      return shape;
    },
    forward(ctx, inputs, attrs) {
      const { own, vectors } = partsOf(inputs, attrs.norm);
      const [x, w, bias] = own;
      if (attrs.norm && ctx.recording)
        throw new GradError(
          `${name}: no gradient flows through its norm; call it in noGrad(), or batchNorm on the result`,
        );
      if (sizeOf(ctx.shape) === 0 || x.size === 0) return zeros(ctx.device, ctx.shape, x.dtype);
      const y = ctx.empty();
      ctx.save(x, w, ...(attrs.activation ? [y] : []));
      const io = { x: x.binding("x"), w: w.binding("w"), bias: bias?.binding("bias"), y: y.binding("y") };
      const norm = attrs.norm && boundNorm(attrs.norm, vectors);
      const dims = dimsOf(x.shape, w.shape, ctx.shape, attrs);
      conv2dForward(ctx.device, io, dims, { norm, activation: attrs.activation });
      return y;
    },
    backward(ctx, grad, attrs) {
      const { device, needs, inputShapes } = ctx;
      if (ctx.saved.length === 0) return inputShapes.map((s) => zeros(device, s));
      const [xs, ws] = inputShapes;
      const [x, w, y] = ctx.saved;
      const g = y ? mapNew("select(0.0, a, b > 0.0)", grad, y) : grad; // relu's
      const dims = dimsOf(xs, ws, g.shape, attrs);
      const dx = needs[0] ? empty(device, xs, "f32", `${name} dx`) : null;
      if (dx) conv2dInputGrad(device, { g: g.binding("grad"), w: w.binding("w"), inputGrad: dx.binding("dx") }, dims);
      const dw = needs[1] ? empty(device, ws, "f32", `${name} dw`) : null;
      if (dw) conv2dWeightGrad(device, { x: x.binding("x"), g: g.binding("grad"), weightGrad: dw.binding("dw") }, dims);
      return [dx, dw, needs[2] ? sum(g, axes === 1 ? [0, 2] : [0, 2, 3]) : null];
    },
  };
}

const conv2dOp = planarConvOp("conv2d", 2, dimsOf);

export interface Conv2dOptions {
  readonly bias?: Tensor;
  readonly stride?: Pair;
  readonly padding?: Sides;
  readonly dilation?: Pair;
  readonly groups?: number;
  /** Follows in the same kernel. */
  readonly norm?: ConvNorm;
  /** Applied to the result in the same kernel, after the norm. */
  readonly activation?: Activation;
}
const conv2dKeys: KeysOf<Conv2dOptions> = {
  bias: 1,
  stride: 1,
  padding: 1,
  dilation: 1,
  groups: 1,
  norm: 1,
  activation: 1,
};

/**
 * Two-dimensional cross-correlation: x [N, C, H, W] with w [O, C / groups, kH, kW] and bias [O] -> [N, O, H', W'].
 * Throws ShapeError, naming both shapes, when they do not fit, and GradError where a norm would have to hand a gradient on.
 */
export function conv2d(x: Tensor, w: Tensor, options: Conv2dOptions = {}): Tensor {
  const {
    bias,
    stride = 1,
    padding = 0,
    dilation = 1,
    groups = 1,
    norm,
    activation,
  } = checkOptions("conv2d", options, conv2dKeys);
  const follows = norm && normInputs("conv2d", norm);
  const attrs: Conv2dAttrs = {
    stride: pair("conv2d", "stride", stride, 1),
    padding: sides("conv2d", padding),
    dilation: pair("conv2d", "dilation", dilation, 1),
    groups,
    norm: follows?.attrs,
    activation,
  };
  if (activation !== undefined && activation !== "relu")
    throw new ConfigError(
      "activation",
      `conv2d: activation is ${JSON.stringify(activation)}; only "relu" can be fused`,
    );
  return apply(conv2dOp, [x, w, ...(bias ? [bias] : []), ...(follows?.inputs ?? [])], attrs);
}
