import { ConfigError, ShapeError } from "../../../errors.ts";
import {
  type GridSampleDims,
  gridSampleForward,
  gridSampleGridGrad,
  gridSampleInputGrad,
} from "../../../kernels/resample/grid-sample.ts";
import { checkOptions, type KeysOf } from "../../../options.ts";
import { apply, type BackwardContext, type Op } from "../../apply.ts";
import { type Shape, show } from "../../shape.ts";
import { empty, type Tensor, zeros } from "../../tensor.ts";
import { checkImage } from "../pool/window.ts";

interface GridSampleAttrs {
  readonly mode: "bilinear" | "nearest";
  readonly padding_mode: "zeros" | "border" | "reflection";
  readonly align_corners: boolean;
}

const modes = ["bilinear", "nearest"] as const;
const paddings = ["zeros", "border", "reflection"] as const;

const dims = (x: Shape, grid: Shape, a: GridSampleAttrs): GridSampleDims => ({
  n: x[0],
  c: x[1],
  h: x[2],
  w: x[3],
  points: grid[1] * grid[2],
  nearest: a.mode === "nearest",
  padding: paddings.indexOf(a.padding_mode) as 0 | 1 | 2,
  alignCorners: a.align_corners,
});

function inputGrad(ctx: BackwardContext, grid: Tensor, g: Tensor, d: GridSampleDims): Tensor {
  const [shape] = ctx.inputShapes;
  if (g.size === 0) return zeros(ctx.device, shape);
  const dx = empty(ctx.device, shape, "f32", "gridSample's gradient");
  gridSampleInputGrad(ctx.device, { grid: grid.binding("grid"), g: g.binding("grad"), inputGrad: dx.binding() }, d);
  return dx;
}

function gridGrad(ctx: BackwardContext, [x, grid]: readonly Tensor[], g: Tensor, d: GridSampleDims): Tensor {
  if (d.nearest || g.size === 0) return zeros(ctx.device, grid.shape);
  const dgrid = empty(ctx.device, grid.shape, "f32", "gridSample's gradient of the grid");
  const io = { x: x.binding("x"), grid: grid.binding("grid"), g: g.binding("grad"), gridGrad: dgrid.binding() };
  gridSampleGridGrad(ctx.device, io, d);
  return dgrid;
}

const gridSampleOp: Op<GridSampleAttrs> = {
  name: "gridSample",
  shape([x, grid]) {
    checkImage("gridSample", x);
    if (grid.length !== 4 || grid[3] !== 2)
      throw new ShapeError(
        `gridSample: grid is ${show(grid)}; it must be [N, H', W', 2] = (column, row) from -1 to 1 across x`,
      );
    if (grid[0] !== x[0])
      throw new ShapeError(
        `gridSample: x has N=${x[0]} in ${show(x, "image")} but grid has N=${grid[0]} in ${show(grid, ["N", "H", "W"])}; give a grid for each image`,
      );
    if (x[2] === 0 || x[3] === 0)
      throw new ShapeError(`gridSample: x ${show(x, "image")} has no pixels to take from; H and W must be at least 1`);
    return [x[0], x[1], grid[1], grid[2]];
  },
  forward(ctx, [x, grid], attrs) {
    const y = ctx.empty();
    ctx.save(x, grid);
    const io = { x: x.binding("x"), grid: grid.binding("grid"), y: y.binding() };
    gridSampleForward(ctx.device, io, dims(x.shape, grid.shape, attrs));
    return y;
  },
  backward(ctx, g, attrs) {
    const d = dims(ctx.inputShapes[0], ctx.inputShapes[1], attrs);
    return [
      ctx.needs[0] ? inputGrad(ctx, ctx.saved[1], g, d) : null,
      ctx.needs[1] ? gridGrad(ctx, ctx.saved, g, d) : null,
    ];
  },
};

export interface GridSampleOptions {
  /** Between the four pixels around a point, or the nearest (ties to even; no gradient to the grid). */
  readonly mode?: "bilinear" | "nearest";
  /** What lies outside the image: zeros, its border pixels, or the image reflected. */
  readonly paddingMode?: "zeros" | "border" | "reflection";
  /** -1 and 1 are the middles of the outer pixels, and the reflection is about them; else their outer edges. */
  readonly alignCorners?: boolean;
}
const gridSampleKeys: KeysOf<GridSampleOptions> = { mode: 1, paddingMode: 1, alignCorners: 1 };

/**
 * x [N, C, H, W] at the points of grid [N, H', W', 2] = (column, row), each from -1 to 1 across x -> [N, C, H', W']; PyTorch's
 * `grid_sample`. A NaN in the grid takes the first pixel where there is padding to catch it; with zeros it gives NaN
 * (bilinear) or 0 (nearest). Gradients of x and of the grid have equal bits on a repeat. Throws ShapeError for shapes
 * that do not fit, ConfigError for an unknown mode.
 */
export function gridSample(x: Tensor, grid: Tensor, options: GridSampleOptions = {}): Tensor {
  const {
    mode = "bilinear",
    paddingMode = "zeros",
    alignCorners = false,
  } = checkOptions("gridSample", options, gridSampleKeys);
  if (!modes.includes(mode))
    throw new ConfigError("mode", `gridSample: mode is ${JSON.stringify(mode)}; use ${modes.join(" or ")}`);
  if (!paddings.includes(paddingMode))
    throw new ConfigError(
      "paddingMode",
      `gridSample: paddingMode is ${JSON.stringify(paddingMode)}; use ${paddings.join(", ")}`,
    );
  return apply(gridSampleOp, [x, grid], { mode, padding_mode: paddingMode, align_corners: alignCorners });
}
