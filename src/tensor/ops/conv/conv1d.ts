import type { Conv2dDims } from "../../../kernels/conv/conv2d.ts";
import { checkOptions, type KeysOf } from "../../../options.ts";
import { apply } from "../../apply.ts";
import type { Shape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { eachAxis, eachSide } from "../common/axes.ts";
import type { ConvAxes } from "./conv-axes.ts";
import { planarConvOp } from "./conv2d.ts";

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

const conv1dOp = planarConvOp("conv1d", 1, dimsOf);

export interface Conv1dOptions {
  readonly bias?: Tensor;
  readonly stride?: number;
  /** A number for both ends, or [left, right]. */
  readonly padding?: number | readonly [left: number, right: number];
  readonly dilation?: number;
  readonly groups?: number;
}
const conv1dKeys: KeysOf<Conv1dOptions> = { bias: 1, stride: 1, padding: 1, dilation: 1, groups: 1 };

/**
 * One-dimensional cross-correlation: x [N, C, L] with w [O, C / groups, k] and bias [O] -> [N, O, L'].
 * Throws ShapeError, naming both shapes, when they do not fit.
 */
export function conv1d(x: Tensor, w: Tensor, options: Conv1dOptions = {}): Tensor {
  const { bias, stride = 1, padding = 0, dilation = 1, groups = 1 } = checkOptions("conv1d", options, conv1dKeys);
  const attrs: ConvAxes = {
    stride: eachAxis("conv1d", "stride", stride, 1, 1),
    padding: eachSide("conv1d", padding, 1),
    dilation: eachAxis("conv1d", "dilation", dilation, 1, 1),
    groups,
  };
  return apply(conv1dOp, bias ? [x, w, bias] : [x, w], attrs);
}
