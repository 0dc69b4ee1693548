import type { Binding, Device } from "../../device/index.ts";
import { linearGrid } from "../common/grid.ts";
import { withFloats } from "../common/scratch.ts";
import { reduceAxis } from "../reduce/reduce.ts";
import { conv2dDepthwise } from "../wgsl/conv2d-depthwise.ts";
import { conv2dDepthwiseWeightGrad } from "../wgsl/conv2d-depthwise-weight-grad.ts";
import type { Conv2dDims } from "./conv2d-dims.ts";
import { piecesOfSums } from "./conv2d-pieces.ts";

/** Groups of one input channel, a small kernel without dilation and one stride both ways; larger ones would fill the registers. */
export const depthwiseFits = (d: Conv2dDims): boolean =>
  d.groups === d.c &&
  d.dilationH === 1 &&
  d.dilationW === 1 &&
  d.strideH === d.strideW &&
  d.strideH <= 2 &&
  d.kh <= 5 &&
  d.kw <= 5;

/** Outputs of a lane: 4 x 4, or 4 x 2 where a stride spreads the inputs that they meet. */
function tilesOf(kh: number, kw: number, stride: number) {
  const [TY, TX] = [stride === 1 ? 4 : 2, 4];
  return { KH: kh, KW: kw, S: stride, TY, TX, ROWS: (TY - 1) * stride + kh, COLS: (TX - 1) * stride + kw };
}

/** What lib/conv2d_depthwise.wgsl wants besides the shapes of both sides. */
function plan(
  d: Conv2dDims,
  [inC, inH, inW]: readonly [number, number, number],
  [outC, outH, outW]: readonly [number, number, number],
  tiles: ReturnType<typeof tilesOf>,
) {
  const tilesX = Math.ceil(outW / tiles.TX);
  const tilesY = Math.ceil(outH / tiles.TY);
  return { inC, inH, inW, outC, outH, outW, tilesX, tilesY, items: d.n * outC * tilesX * tilesY };
}

export function depthwiseForward(
  device: Device,
  { x, w, bias, y }: { x: Binding; w: Binding; bias?: Binding; y: Binding },
  d: Conv2dDims,
  exprs: { act?: string } = {},
): void {
  const tiles = tilesOf(d.kh, d.kw, d.strideH);
  const sizes = plan(d, [d.c, d.h, d.w], [d.o, d.outH, d.outW], tiles);
  const origin = { top: -d.padTop, left: -d.padLeft };
  device.dispatch(
    { shader: conv2dDepthwise, tiles: { ...tiles, PER: 1 }, exprs },
    { x, weight: w, bias: bias ?? w, y },
    { ...sizes, ...origin, hasBias: bias ? 1 : 0, inPer: 1, outPer: d.o / d.c, split: 1 },
    linearGrid(sizes.items),
  );
}

/** The stride must be 1: then the gradient of the input is such a convolution too, with the kernel turned round. */
export function depthwiseInputGrad(
  device: Device,
  { g, w, inputGrad }: { g: Binding; w: Binding; inputGrad: Binding },
  d: Conv2dDims,
): void {
  const tiles = tilesOf(d.kh, d.kw, 1);
  const sizes = plan(d, [d.o, d.outH, d.outW], [d.c, d.h, d.w], tiles);
  const origin = { top: d.padTop - d.kh + 1, left: d.padLeft - d.kw + 1 };
  device.dispatch(
    { shader: conv2dDepthwise, tiles: { ...tiles, PER: d.o / d.c }, overrides: { FLIP: 1 } },
    { x: g, weight: w, bias: w, y: inputGrad },
    { ...sizes, ...origin, hasBias: 0, inPer: d.o / d.c, outPer: 1, split: 1 },
    linearGrid(sizes.items),
  );
}

/** Lanes that keep any adapter busy. */
const busy = 8192;

export function depthwiseWeightGrad(
  device: Device,
  { x, g, weightGrad }: { x: Binding; g: Binding; weightGrad: Binding },
  d: Conv2dDims,
): void {
  const tiles = tilesOf(d.kh, d.kw, d.strideH);
  const sizes = plan(d, [d.c, d.h, d.w], [d.o, d.outH, d.outW], tiles);
  const weights = d.o * d.kh * d.kw;
  const pieces = Math.max(Math.ceil(busy / Math.max(1, d.o)), piecesOfSums(d.n * d.outH * d.outW, weights));
  const split = Math.max(1, Math.min(sizes.items / Math.max(1, d.o), pieces));
  const params = { ...sizes, top: -d.padTop, left: -d.padLeft, hasBias: 0, inPer: 1, outPer: d.o / d.c, split };
  const run = (into: Binding): void =>
    device.dispatch(
      { shader: conv2dDepthwiseWeightGrad, tiles },
      { x, g, weightGrad: into },
      params,
      linearGrid(d.o * split),
    );
  if (split === 1) run(weightGrad);
  else
    withFloats(device, weights * split, "conv2d's partial weight gradients", (parts) => {
      run(parts);
      reduceAxis(device, "sum", { x: parts, y: weightGrad }, { outer: 1, length: split, inner: weights });
    });
}
