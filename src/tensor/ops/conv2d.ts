import { ConfigError, ShapeError } from "../../errors.ts";
import {
  type Activation,
  type Conv2dDims,
  conv2dForward,
  conv2dInputGrad,
  conv2dWeightGrad,
} from "../../kernels/conv2d.ts";
import { apply, type Op } from "../apply.ts";
import { type Shape, show, sizeOf } from "../shape.ts";
import { empty, type Tensor, zeros } from "../tensor.ts";
import { mapNew } from "./map.ts";
import { sum } from "./reduce.ts";

export interface Conv2dAttrs {
  readonly stride: readonly [h: number, w: number];
  readonly padding: readonly [top: number, bottom: number, left: number, right: number];
  readonly dilation: readonly [h: number, w: number];
  readonly groups: number;
  readonly activation?: Activation;
}

/** A number for both directions, or [h, w]. */
export type Pair = number | readonly [h: number, w: number];
/** A number for all sides, [h, w], or [top, bottom, left, right]. */
export type Sides = Pair | readonly [top: number, bottom: number, left: number, right: number];

/** @internal */
export const pair = (op: string, name: string, v: Pair, least: number): readonly [number, number] => {
  const out: readonly [number, number] = typeof v === "number" ? [v, v] : v;
  if (out.length !== 2 || !out.every((n) => Number.isInteger(n) && n >= least))
    throw new ConfigError(
      name,
      `${op}: ${name} is ${JSON.stringify(v)}; give an integer of at least ${least}, or two as [h, w]`,
    );
  return out;
};

/** @internal */
export const sides = (op: string, v: Sides): readonly [number, number, number, number] => {
  const out = typeof v === "number" ? [v, v, v, v] : v.length === 2 ? [v[0], v[0], v[1], v[1]] : v;
  if (out.length !== 4 || !out.every((n) => Number.isInteger(n) && n >= 0))
    throw new ConfigError(
      "padding",
      `${op}: padding is ${JSON.stringify(v)}; give a non-negative integer, [h, w], or [top, bottom, left, right]`,
    );
  return out as [number, number, number, number];
};

/** Output size of a sliding window along one dimension (dilated window, padding on both sides). @internal */
export const windowsAlong = (
  length: number,
  kernel: number,
  stride: number,
  before: number,
  after: number,
  dilation: number,
): number => Math.floor((length + before + after - dilation * (kernel - 1) - 1) / stride) + 1;

const weightDims = ["O", "I", "kH", "kW"];

function shapeOf(inputs: readonly Shape[], { stride, padding, dilation, groups }: Conv2dAttrs): Shape {
  const [x, w, bias] = inputs;
  if (x.length !== 4)
    throw new ShapeError(
      `conv2d: x is ${show(x)}; it must have 4 dimensions [N, C, H, W] (reshape a single image to [1, C, H, W])`,
    );
  if (w.length !== 4) throw new ShapeError(`conv2d: w is ${show(w)}; it must have 4 dimensions [O, I, kH, kW]`);
  if (!Number.isInteger(groups) || groups < 1 || w[0] % groups !== 0)
    throw new ShapeError(
      `conv2d: groups=${groups} does not divide O=${w[0]} in ${show(w, weightDims)}; choose a divisor`,
    );
  if (x[1] !== w[1] * groups)
    throw new ShapeError(
      `conv2d: x has C=${x[1]} in ${show(x, "image")} but w wants I=${w[1]}${groups > 1 ? ` x ${groups} groups` : ""} in ${show(w, weightDims)} (groups=${groups})`,
    );
  if (bias && (bias.length !== 1 || bias[0] !== w[0]))
    throw new ShapeError(
      `conv2d: bias is ${show(bias)}; w has O=${w[0]} in ${show(w, weightDims)}, so it must be [${w[0]}]`,
    );
  const h = windowsAlong(x[2], w[2], stride[0], padding[0], padding[1], dilation[0]);
  const wide = windowsAlong(x[3], w[3], stride[1], padding[2], padding[3], dilation[1]);
  if (h < 1 || wide < 1)
    throw new ShapeError(
      `conv2d: the kernel ${show(w, weightDims)} with dilation [${dilation.join(", ")}] is larger than ${show(x, "image")} padded by [${padding.join(", ")}]; enlarge the image or the padding`,
    );
  return [x[0], w[0], h, wide];
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

const conv2dOp: Op<Conv2dAttrs> = {
  name: "conv2d",
  shape: shapeOf,
  forward(ctx, [x, w, bias], attrs) {
    if (sizeOf(ctx.shape) === 0 || x.size === 0) return zeros(ctx.device, ctx.shape);
    const y = ctx.empty();
    ctx.save(x, w, ...(attrs.activation ? [y] : []));
    conv2dForward(
      ctx.device,
      { x: x.binding("x"), w: w.binding("w"), bias: bias?.binding("bias"), y: y.binding("y") },
      dimsOf(x.shape, w.shape, ctx.shape, attrs),
      { activation: attrs.activation },
    );
    return y;
  },
  backward(ctx, grad, attrs) {
    const [xs, ws, bs] = ctx.inputShapes;
    if (ctx.saved.length === 0)
      return [zeros(ctx.device, xs), zeros(ctx.device, ws), ...(bs ? [zeros(ctx.device, bs)] : [])];
    const [x, w, y] = ctx.saved;
    const g = y ? mapNew("select(0.0, a, b > 0.0)", grad, y) : grad; // relu's
    const dims = dimsOf(xs, ws, g.shape, attrs);
    let dx: Tensor | null = null;
    let dw: Tensor | null = null;
    if (ctx.needs[0]) {
      dx = empty(ctx.device, xs, "f32", "conv2d dx");
      conv2dInputGrad(ctx.device, { g: g.binding("grad"), w: w.binding("w"), dx: dx.binding("dx") }, dims);
    }
    if (ctx.needs[1]) {
      dw = empty(ctx.device, ws, "f32", "conv2d dw");
      conv2dWeightGrad(ctx.device, { x: x.binding("x"), g: g.binding("grad"), dw: dw.binding("dw") }, dims);
    }
    return [dx, dw, ctx.needs[2] ? sum(g, [0, 2, 3]) : null];
  },
};

export interface Conv2dOptions {
  readonly bias?: Tensor;
  readonly stride?: Pair;
  readonly padding?: Sides;
  readonly dilation?: Pair;
  readonly groups?: number;
  /** Applied to the result in the same kernel. */
  readonly activation?: Activation;
}

/**
 * Two-dimensional cross-correlation: x [N, C, H, W] with w [O, C / groups, kH, kW] and bias [O] -> [N, O, H', W'].
 * Throws ShapeError, naming both shapes, when they do not fit.
 */
export function conv2d(
  x: Tensor,
  w: Tensor,
  { bias, stride = 1, padding = 0, dilation = 1, groups = 1, activation }: Conv2dOptions = {},
): Tensor {
  const attrs: Conv2dAttrs = {
    stride: pair("conv2d", "stride", stride, 1),
    padding: sides("conv2d", padding),
    dilation: pair("conv2d", "dilation", dilation, 1),
    groups,
    activation,
  };
  if (activation !== undefined && activation !== "relu")
    throw new ConfigError(
      "activation",
      `conv2d: activation is ${JSON.stringify(activation)}; only "relu" can be fused`,
    );
  return apply(conv2dOp, bias ? [x, w, bias] : [x, w], attrs);
}
