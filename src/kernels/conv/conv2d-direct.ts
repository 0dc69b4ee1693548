import { endOf } from "../common/channel-end.ts";
import { linearGrid } from "../common/grid.ts";
import { addPieces, evenPieces, piecesOfSums } from "../common/pieces.ts";
import { conv2dDirect } from "../wgsl/conv2d-direct.ts";
import { conv2dDirectInputGrad } from "../wgsl/conv2d-direct-input-grad.ts";
import { conv2dDirectWeightGrad } from "../wgsl/conv2d-direct-weight-grad.ts";
import type { ConvVariant } from "./conv-variant.ts";
import type { Conv2dDims } from "./conv2d-dims.ts";

/** An output a thread, any configuration: what the others are measured by. */
export const direct = {
  name: "direct",
  fits: () => true,
  cost: () => 1,

  forward(device, { x, w, bias, y }, dims, end = {}) {
    const { bound, overrides, exprs } = endOf(end, w);
    device.dispatch(
      { shader: conv2dDirect, overrides: { HAS_BIAS: bias ? 1 : 0, ...overrides }, exprs },
      { x, weight: w, bias: bias ?? w, y, ...bound },
      { ...dims, split: 1, spacing: 1 },
      linearGrid(dims.n * dims.o * dims.outH * dims.outW),
    );
  },

  inputGrad(device, { g, w, inputGrad }, dims) {
    device.dispatch(
      { shader: conv2dDirectInputGrad },
      { g, weight: w, inputGrad },
      { ...dims, split: 1, spacing: 1 },
      linearGrid(dims.n * dims.c * dims.h * dims.w),
    );
  },

  /** One weight a thread and piece of the rows. */
  weightGrad(device, { x, g, weightGrad }, dims) {
    const weights = dims.o * (dims.c / dims.groups) * dims.kh * dims.kw;
    // Enough threads to fill a device, and short sums, which round less.
    const rows = dims.n * dims.outH;
    const enough = Math.min(256, Math.ceil(65536 / Math.max(1, weights)));
    const split = evenPieces(rows, Math.max(enough, piecesOfSums(rows * dims.outW, weights)));
    const sums = { pieces: split, count: weights, into: weightGrad, what: "conv2d's partial weight gradients" };
    addPieces(device, sums, (parts) =>
      device.dispatch(
        { shader: conv2dDirectWeightGrad },
        { x, g, weightGrad: parts },
        { ...dims, split, spacing: 1 },
        linearGrid(weights * split),
      ),
    );
  },
} as const satisfies ConvVariant<Conv2dDims>;
