import { endOf } from "../common/channel-end.ts";
import { linearGrid } from "../common/grid.ts";
import { addPieces, piecesOfSums } from "../common/pieces.ts";
import { conv2dDepthwise } from "../wgsl/conv2d-depthwise.ts";
import { conv2dDepthwiseWeightGrad } from "../wgsl/conv2d-depthwise-weight-grad.ts";
import type { ConvVariant } from "./conv-variant.ts";
import type { Conv2dDims } from "./conv2d-dims.ts";

/** Groups of one input channel, a small kernel without dilation and one stride both ways; larger ones would fill the registers. */
const small = (d: Conv2dDims): boolean =>
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

/** Lanes that keep any adapter busy. */
const busy = 8192;

/** Groups of one input channel: a lane owns a tile of outputs of one plane and loads what they meet once. */
export const depthwise = {
  name: "depthwise",

  /** The gradient of the input is such a convolution too where the stride is 1, with the kernel turned round. */
  fits: (d, facts, pass) => !facts.smallKernels && small(d) && (pass !== "inputGrad" || d.strideH === 1),

  // With more outputs an input, the other variants load less.
  cost: (d) => (d.o / d.groups <= 2 ? 0.05 : 2),

  forward(device, { x, w, bias, y }, d, end = {}) {
    const tiles = tilesOf(d.kh, d.kw, d.strideH);
    const sizes = plan(d, [d.c, d.h, d.w], [d.o, d.outH, d.outW], tiles);
    const origin = { top: -d.padTop, left: -d.padLeft };
    const { bound, overrides, exprs } = endOf(end, w);
    device.dispatch(
      { shader: conv2dDepthwise, overrides, tiles: { ...tiles, PER: 1 }, exprs },
      { x, weight: w, bias: bias ?? w, y, ...bound },
      { ...sizes, ...origin, hasBias: bias ? 1 : 0, inPer: 1, outPer: d.o / d.c, split: 1 },
      linearGrid(sizes.items),
    );
  },

  inputGrad(device, { g, w, inputGrad }, d) {
    const tiles = tilesOf(d.kh, d.kw, 1);
    const sizes = plan(d, [d.o, d.outH, d.outW], [d.c, d.h, d.w], tiles);
    const origin = { top: d.padTop - d.kh + 1, left: d.padLeft - d.kw + 1 };
    device.dispatch(
      { shader: conv2dDepthwise, tiles: { ...tiles, PER: d.o / d.c }, overrides: { FLIP: 1 } },
      { x: g, weight: w, bias: w, y: inputGrad, ...endOf({}, w).bound },
      { ...sizes, ...origin, hasBias: 0, inPer: d.o / d.c, outPer: 1, split: 1 },
      linearGrid(sizes.items),
    );
  },

  weightGrad(device, { x, g, weightGrad }, d) {
    const tiles = tilesOf(d.kh, d.kw, d.strideH);
    const sizes = plan(d, [d.c, d.h, d.w], [d.o, d.outH, d.outW], tiles);
    const weights = d.o * d.kh * d.kw;
    const pieces = Math.max(Math.ceil(busy / Math.max(1, d.o)), piecesOfSums(d.n * d.outH * d.outW, weights));
    const split = Math.max(1, Math.min(sizes.items / Math.max(1, d.o), pieces));
    const params = { ...sizes, top: -d.padTop, left: -d.padLeft, hasBias: 0, inPer: 1, outPer: d.o / d.c, split };
    const sums = { pieces: split, count: weights, into: weightGrad, what: "conv2d's partial weight gradients" };
    addPieces(device, sums, (parts) =>
      device.dispatch(
        { shader: conv2dDepthwiseWeightGrad, tiles },
        { x, g, weightGrad: parts },
        params,
        linearGrid(d.o * split),
      ),
    );
  },
} as const satisfies ConvVariant<Conv2dDims>;
