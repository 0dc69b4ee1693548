import { grid } from "../common/grid.ts";
import { addPieces } from "../common/pieces.ts";
import { conv3d } from "../wgsl/conv3d.ts";
import { conv3dInputGrad } from "../wgsl/conv3d-input-grad.ts";
import { conv3dWeightGrad } from "../wgsl/conv3d-weight-grad.ts";
import type { ConvVariant } from "./conv-variant.ts";
import type { Conv3dDims } from "./conv3d-dims.ts";

/** Channels an invocation takes together, so that what it loads serves several sums. */
const channelTile = (channels: number): number => (channels === 1 ? 1 : channels <= 4 ? 4 : 8);

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

const paramsOf = (dims: Conv3dDims, tilesX: number, split: number) => ({
  ...dims,
  tilesX,
  split,
  periodD: dims.strideD / gcd(dims.strideD, dims.dilationD),
  periodH: dims.strideH / gcd(dims.strideH, dims.dilationH),
  periodW: dims.strideW / gcd(dims.strideW, dims.dilationW),
});

const launch = (items: number, deep: number) => grid(Math.ceil(items / 64), deep);

/** Workgroups that keep any adapter busy. */
const busy = 512;

/** Four outputs of a row by some channels an invocation, any configuration and no memory besides. */
export const direct3d = {
  name: "direct",
  fits: () => true,
  cost: () => 1,

  forward(device, { x, w, bias, y }, dims) {
    const outputs = dims.o / dims.groups;
    const TO = channelTile(outputs);
    const tilesX = Math.ceil(dims.outW / 4);
    device.dispatch(
      { shader: conv3d, overrides: { HAS_BIAS: bias ? 1 : 0 }, tiles: { TO } },
      { x, weight: w, bias: bias ?? w, y },
      paramsOf(dims, tilesX, 1),
      launch(dims.n * dims.outD * dims.outH * tilesX, dims.groups * Math.ceil(outputs / TO)),
    );
  },

  inputGrad(device, { g, w, inputGrad }, dims) {
    const inputs = dims.c / dims.groups;
    const TC = channelTile(inputs);
    const tilesX = dims.strideW * Math.ceil(Math.ceil(dims.w / dims.strideW) / 4);
    device.dispatch(
      { shader: conv3dInputGrad, tiles: { TC } },
      { g, weight: w, inputGrad },
      paramsOf(dims, tilesX, 1),
      launch(dims.n * dims.d * dims.h * tilesX, dims.groups * Math.ceil(inputs / TC)),
    );
  },

  weightGrad(device, { x, g, weightGrad }, dims) {
    const [inputs, outputs] = [dims.c / dims.groups, dims.o / dims.groups];
    const TO = channelTile(outputs);
    const TC = inputs === 1 ? 1 : 4;
    const taps = dims.kd * dims.kh * dims.kw;
    const across = Math.ceil((taps * Math.ceil(inputs / TC)) / 32);
    const deep = dims.groups * Math.ceil(outputs / TO);
    const split = Math.max(1, Math.min(dims.n * dims.outD * dims.outH, Math.ceil(busy / (across * deep))));
    const count = dims.o * inputs * taps;
    const sums = { pieces: split, count, into: weightGrad, what: "conv3d's partial weight gradients" };
    addPieces(device, sums, (parts) =>
      device.dispatch(
        { shader: conv3dWeightGrad, tiles: { TO, TC } },
        { x, g, weightGrad: parts },
        paramsOf(dims, 1, split),
        [across, split, deep],
      ),
    );
  },
} as const satisfies ConvVariant<Conv3dDims>;
