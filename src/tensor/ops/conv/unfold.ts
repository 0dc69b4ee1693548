import { ShapeError } from "../../../errors.ts";
import { foldColumns, type UnfoldDims, unfoldImages } from "../../../kernels/conv/unfold.ts";
import { checkOptions, type KeysOf } from "../../../options.ts";
import { apply, type Op } from "../../apply.ts";
import { show } from "../../shape.ts";
import { empty, type Tensor, zeros } from "../../tensor.ts";
import { type Pair, pair, type Sides, sides, windowsAlong } from "../common/axes.ts";
import { checkImage } from "../pool/window.ts";

interface UnfoldAttrs {
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number, number, number];
  readonly dilation: readonly [number, number];
}
type FoldAttrs = UnfoldAttrs & { readonly outputSize: readonly [number, number] };

/** Windows down and across an image of h x w; throws ShapeError where none fits. */
function windows(op: string, [h, w]: readonly number[], a: UnfoldAttrs): [number, number] {
  const [top, bottom, left, right] = a.padding;
  const down = windowsAlong(h, a.kernel[0], a.stride[0], top, bottom, a.dilation[0]);
  const across = windowsAlong(w, a.kernel[1], a.stride[1], left, right, a.dilation[1]);
  if (down < 1 || across < 1)
    throw new ShapeError(
      `${op}: the kernel [${a.kernel.join(", ")}] with dilation [${a.dilation.join(", ")}] is larger than an image of H=${h}, W=${w} padded by [${a.padding.join(", ")}]; use a smaller kernel or more padding`,
    );
  return [down, across];
}

const dimsOf = (op: string, planes: number, size: readonly number[], a: UnfoldAttrs): UnfoldDims => {
  const [outH, outW] = windows(op, size, a);
  return { planes, h: size[0], w: size[1], outH, outW, ...a };
};

const unfoldOp: Op<UnfoldAttrs> = {
  name: "unfold",
  shape([x], attrs) {
    checkImage("unfold", x);
    const [down, across] = windows("unfold", x.slice(2), attrs);
    if (x[2] === 0 || x[3] === 0)
      throw new ShapeError(`unfold: x ${show(x, "image")} holds no pixel; H and W must be at least 1`);
    return [x[0], x[1] * attrs.kernel[0] * attrs.kernel[1], down * across];
  },
  forward(ctx, [x], attrs) {
    const y = ctx.empty();
    const [n, c, ...size] = x.shape;
    unfoldImages(ctx.device, { x: x.binding("x"), y: y.binding("y") }, dimsOf("unfold", n * c, size, attrs));
    return y;
  },
  backward(ctx, g, attrs) {
    const [n, c, ...size] = ctx.inputShapes[0];
    const dx = empty(ctx.device, ctx.inputShapes[0], "f32", "unfold's gradient");
    foldColumns(ctx.device, { x: g.binding("grad"), y: dx.binding() }, dimsOf("unfold", n * c, size, attrs));
    return [dx];
  },
};

const foldOp: Op<FoldAttrs> = {
  name: "fold",
  shape([x], { outputSize, ...attrs }) {
    if (x.length !== 3)
      throw new ShapeError(
        `fold: x is ${show(x)}; it must have 3 dimensions [N, C * kH * kW, windows], as unfold makes them`,
      );
    const taps = attrs.kernel[0] * attrs.kernel[1];
    if (x[1] % taps !== 0)
      throw new ShapeError(
        `fold: x ${show(x)} has ${x[1]} rows, no multiple of the ${taps} entries of a kernel [${attrs.kernel.join(", ")}]; give C * ${taps} rows`,
      );
    const [down, across] = windows("fold", outputSize, attrs);
    if (x[2] !== down * across)
      throw new ShapeError(
        `fold: x ${show(x)} has ${x[2]} columns but an image of H=${outputSize[0]}, W=${outputSize[1]} has ${down} x ${across} = ${down * across} windows; make them equal`,
      );
    return [x[0], x[1] / taps, ...outputSize];
  },
  forward(ctx, [x], { outputSize, ...attrs }) {
    const [n, c] = ctx.shape;
    if (n * c === 0) return zeros(ctx.device, ctx.shape, x.dtype);
    const y = ctx.empty();
    foldColumns(ctx.device, { x: x.binding("x"), y: y.binding("y") }, dimsOf("fold", n * c, outputSize, attrs));
    return y;
  },
  backward(ctx, g, { outputSize, ...attrs }) {
    const dx = empty(ctx.device, ctx.inputShapes[0], "f32", "fold's gradient");
    const planes = g.shape[0] * g.shape[1];
    unfoldImages(ctx.device, { x: g.binding("grad"), y: dx.binding() }, dimsOf("fold", planes, outputSize, attrs));
    return [dx];
  },
};

export interface UnfoldOptions {
  readonly kernelSize: Pair;
  readonly stride?: Pair;
  readonly padding?: Sides;
  readonly dilation?: Pair;
}
const unfoldKeys: KeysOf<UnfoldOptions> = { kernelSize: 1, stride: 1, padding: 1, dilation: 1 };

export interface FoldOptions extends UnfoldOptions {
  /** [H, W] of the image that the columns add up to. */
  readonly outputSize: Pair;
}
const foldKeys: KeysOf<FoldOptions> = { outputSize: 1, kernelSize: 1, stride: 1, padding: 1, dilation: 1 };

const attrsOf = (op: string, { kernelSize, stride = 1, padding = 0, dilation = 1 }: UnfoldOptions): UnfoldAttrs => ({
  kernel: pair(op, "kernelSize", kernelSize, 1),
  stride: pair(op, "stride", stride, 1),
  padding: sides(op, padding),
  dilation: pair(op, "dilation", dilation, 1),
});

/**
 * The windows of an image as columns (im2col): x [N, C, H, W] -> [N, C * kH * kW, windows], zero in the padding; windows in
 * row-major order, entries of a column by channel, then row, then column of the kernel. Throws ShapeError where none fits.
 */
export const unfold = (x: Tensor, options: UnfoldOptions): Tensor => {
  checkOptions("unfold", options, unfoldKeys);
  return apply(unfoldOp, [x], attrsOf("unfold", options));
};

/**
 * The gradient of `unfold` (col2im): columns x [N, C * kH * kW, windows] -> [N, C, H, W], where overlapping entries add up.
 * Throws ShapeError when the columns are not those of an image of `outputSize`.
 */
export const fold = (x: Tensor, options: FoldOptions): Tensor => {
  const { outputSize, ...rest } = checkOptions("fold", options, foldKeys);
  return apply(foldOp, [x], { ...attrsOf("fold", rest), outputSize: pair("fold", "outputSize", outputSize, 1) });
};
