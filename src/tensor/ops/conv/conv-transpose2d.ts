import { ConfigError, ShapeError } from "../../../errors.ts";
import { addChannelBias } from "../../../kernels/conv/add-channel-bias.ts";
import { type Conv2dDims, conv2dForward, conv2dInputGrad, conv2dWeightGrad } from "../../../kernels/conv/conv2d.ts";
import { checkOptions, type KeysOf } from "../../../options.ts";
import { apply, type Op } from "../../apply.ts";
import { type Shape, show, sizeOf } from "../../shape.ts";
import { empty, type Tensor, zeros } from "../../tensor.ts";
import { type Pair, pair, type Sides, sides } from "../common/axes.ts";
import { sum } from "../reduce/reduce.ts";
import type { Conv2dAttrs } from "./conv2d.ts";

interface ConvTransposeAttrs extends Conv2dAttrs {
  readonly outputPadding: readonly [h: number, w: number];
}

const op = "convTranspose2d";
const weightDims = ["C", "O/groups", "kH", "kW"];

function shapeOf(inputs: readonly Shape[], a: ConvTransposeAttrs): Shape {
  const [x, w, bias] = inputs;
  const { stride, padding, dilation, groups, outputPadding } = a;
  if (x.length !== 4)
    throw new ShapeError(
      `${op}: x is ${show(x)}; it must have 4 dimensions [N, C, H, W] (reshape a single image to [1, C, H, W])`,
    );
  if (w.length !== 4) throw new ShapeError(`${op}: w is ${show(w)}; it must have 4 dimensions [C, O / groups, kH, kW]`);
  if (x[1] !== w[0])
    throw new ShapeError(
      `${op}: x has C=${x[1]} in ${show(x, "image")} but w has C=${w[0]} in ${show(w, weightDims)}; a transposed convolution's weights are [C, O / groups, kH, kW]`,
    );
  if (!Number.isInteger(groups) || groups < 1 || x[1] % groups !== 0)
    throw new ShapeError(`${op}: groups=${groups} does not divide C=${x[1]} in ${show(x, "image")}; choose a divisor`);
  if (x.slice(1).some((n) => n === 0))
    throw new ShapeError(
      `${op}: x is ${show(x, "image")}; only N may be 0, as nothing says what an empty image becomes`,
    );
  const o = w[1] * groups;
  if (bias && (bias.length !== 1 || bias[0] !== o))
    throw new ShapeError(
      `${op}: bias is ${show(bias)}; w ${show(w, weightDims)} with groups=${groups} makes O=${o} channels, so it must be [${o}]`,
    );
  const out = [0, 1].map(
    (i) =>
      (x[2 + i] - 1) * stride[i] -
      padding[2 * i] -
      padding[2 * i + 1] +
      dilation[i] * (w[2 + i] - 1) +
      outputPadding[i] +
      1,
  );
  if (out.some((n) => n < 1))
    throw new ShapeError(
      `${op}: padding [${padding.join(", ")}] takes away all of the result, [${out.join(", ")}] for x ${show(x, "image")} and w ${show(w, weightDims)}; use less padding`,
    );
  return [x[0], o, ...out];
}

/** The convolution whose input gradient this is: from y [N, O, H', W'] to x [N, C, H, W]. */
const mirrored = (x: Shape, w: Shape, y: Shape, a: ConvTransposeAttrs): Conv2dDims => ({
  n: x[0],
  c: y[1],
  h: y[2],
  w: y[3],
  o: x[1],
  kh: w[2],
  kw: w[3],
  strideH: a.stride[0],
  strideW: a.stride[1],
  padTop: a.padding[0],
  padLeft: a.padding[2],
  dilationH: a.dilation[0],
  dilationW: a.dilation[1],
  groups: a.groups,
  outH: x[2],
  outW: x[3],
});

const convTransposeOp: Op<ConvTransposeAttrs> = {
  name: op,
  shape: shapeOf,
  forward(ctx, [x, w, bias], attrs) {
    if (sizeOf(ctx.shape) === 0) return zeros(ctx.device, ctx.shape, x.dtype);
    ctx.save(x, w);
    const y = ctx.empty();
    const io = { g: x.binding("x"), w: w.binding("w"), inputGrad: y.binding("y") };
    conv2dInputGrad(ctx.device, io, mirrored(x.shape, w.shape, ctx.shape, attrs));
    const [n, channels, h, width] = ctx.shape;
    if (bias) addChannelBias(ctx.device, { y: y.binding("y"), bias: bias.binding("bias") }, n, channels, h * width);
    return y;
  },
  backward(ctx, g, attrs) {
    const { device, needs, inputShapes } = ctx;
    if (ctx.saved.length === 0) return inputShapes.map((s) => zeros(device, s));
    const [xs, ws] = inputShapes;
    const [x, w] = ctx.saved;
    const dims = mirrored(xs, ws, g.shape, attrs);
    const dx = needs[0] ? empty(device, xs, "f32", `${op} dx`) : null;
    if (dx) conv2dForward(device, { x: g.binding("grad"), w: w.binding("w"), y: dx.binding("dx") }, dims);
    const dw = needs[1] ? empty(device, ws, "f32", `${op} dw`) : null;
    if (dw) conv2dWeightGrad(device, { x: g.binding("grad"), g: x.binding("x"), weightGrad: dw.binding("dw") }, dims);
    return [dx, dw, needs[2] ? sum(g, [0, 2, 3]) : null];
  },
};

export interface ConvTranspose2dOptions {
  readonly bias?: Tensor;
  readonly stride?: Pair;
  /** What is cut off the result's sides: a convolution with this padding has the result's size as input. */
  readonly padding?: Sides;
  /** Rows and columns added at the bottom and the right; smaller than stride or dilation. */
  readonly outputPadding?: Pair;
  readonly dilation?: Pair;
  readonly groups?: number;
}
const convTranspose2dKeys: KeysOf<ConvTranspose2dOptions> = {
  bias: 1,
  stride: 1,
  padding: 1,
  outputPadding: 1,
  dilation: 1,
  groups: 1,
};

/**
 * Transposed convolution, the input gradient of a conv2d with the same options: x [N, C, H, W] with
 * w [C, O / groups, kH, kW] and bias [O] -> [N, O, H', W'], H' = (H - 1) stride - top - bottom + dilation (kH - 1) +
 * outputPadding + 1. Dumoulin and Visin, "A guide to convolution arithmetic for deep learning" (2016), section 4.
 * Throws ShapeError for shapes that do not fit, ConfigError for an outputPadding of both stride and dilation or more.
 */
export function convTranspose2d(x: Tensor, w: Tensor, options: ConvTranspose2dOptions = {}): Tensor {
  const {
    bias,
    stride = 1,
    padding = 0,
    outputPadding = 0,
    dilation = 1,
    groups = 1,
  } = checkOptions("convTranspose2d", options, convTranspose2dKeys);
  const attrs: ConvTransposeAttrs = {
    stride: pair(op, "stride", stride, 1),
    padding: sides(op, padding),
    outputPadding: pair(op, "outputPadding", outputPadding, 0),
    dilation: pair(op, "dilation", dilation, 1),
    groups,
  };
  attrs.outputPadding.forEach((p, i) => {
    if (p > 0 && p >= Math.max(attrs.stride[i], attrs.dilation[i]))
      throw new ConfigError(
        "outputPadding",
        `${op}: outputPadding ${p} along ${"HW"[i]} must be smaller than stride=${attrs.stride[i]} or dilation=${attrs.dilation[i]}; use at most ${Math.max(attrs.stride[i], attrs.dilation[i]) - 1}`,
      );
  });
  return apply(convTransposeOp, bias ? [x, w, bias] : [x, w], attrs);
}
