import type { Binding, Device } from "../../device/index.ts";
import { linearGrid } from "../common/grid.ts";
import { reduceAxis } from "../reduce/reduce.ts";
import { conv3d } from "../wgsl/conv3d.ts";
import { conv3dInputGrad } from "../wgsl/conv3d-input-grad.ts";
import { conv3dWeightGrad } from "../wgsl/conv3d-weight-grad.ts";
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

const launch = (items: number, deep: number): [number, number, number] => {
  const [x, y] = linearGrid(items);
  return [x, y, deep];
};

/** Four outputs of a row by some channels an invocation, any configuration and no memory besides. */
export function directForward3d(
  device: Device,
  { x, w, bias, y }: { x: Binding; w: Binding; bias?: Binding; y: Binding },
  dims: Conv3dDims,
): void {
  const outputs = dims.o / dims.groups;
  const TO = channelTile(outputs);
  const tilesX = Math.ceil(dims.outW / 4);
  device.dispatch(
    { shader: conv3d, overrides: { HAS_BIAS: bias ? 1 : 0 }, tiles: { TO } },
    { x, weight: w, bias: bias ?? w, y },
    paramsOf(dims, tilesX, 1),
    launch(dims.n * dims.outD * dims.outH * tilesX, dims.groups * Math.ceil(outputs / TO)),
  );
}

/** inputGrad [n, c, d, h, w], the gradient of the input, from g [n, o, outD, outH, outW] and the weights w. */
export function directInputGrad3d(
  device: Device,
  { g, w, inputGrad }: { g: Binding; w: Binding; inputGrad: Binding },
  dims: Conv3dDims,
): void {
  const inputs = dims.c / dims.groups;
  const TC = channelTile(inputs);
  const tilesX = dims.strideW * Math.ceil(Math.ceil(dims.w / dims.strideW) / 4);
  device.dispatch(
    { shader: conv3dInputGrad, tiles: { TC } },
    { g, weight: w, inputGrad },
    paramsOf(dims, tilesX, 1),
    launch(dims.n * dims.d * dims.h * tilesX, dims.groups * Math.ceil(inputs / TC)),
  );
}

/** Workgroups that keep any adapter busy. */
const busy = 512;

/** weightGrad [o, c / groups, kd, kh, kw], the gradient of the weights, from the input x and g [n, o, outD, outH, outW]. */
export function directWeightGrad3d(
  device: Device,
  { x, g, weightGrad }: { x: Binding; g: Binding; weightGrad: Binding },
  dims: Conv3dDims,
): void {
  const inputs = dims.c / dims.groups;
  const outputs = dims.o / dims.groups;
  const TO = channelTile(outputs);
  const TC = inputs === 1 ? 1 : 4;
  const taps = dims.kd * dims.kh * dims.kw;
  const across = Math.ceil((taps * Math.ceil(inputs / TC)) / 32);
  const deep = dims.groups * Math.ceil(outputs / TO);
  const split = Math.max(1, Math.min(dims.n * dims.outD * dims.outH, Math.ceil(busy / (across * deep))));
  const run = (into: Binding) =>
    device.dispatch(
      { shader: conv3dWeightGrad, tiles: { TO, TC } },
      { x, g, weightGrad: into },
      paramsOf(dims, 1, split),
      [across, split, deep],
    );
  if (split === 1) {
    run(weightGrad);
    return;
  }
  const weights = dims.o * inputs * taps;
  const bytes = 4 * weights * split;
  const name = "conv3d's partial weight gradients";
  const buffer = device.pool.acquire(bytes, name);
  try {
    run({ buffer, bytes, name });
    const io = { x: { buffer, bytes, name }, y: weightGrad };
    reduceAxis(device, "sum", io, { outer: 1, length: split, inner: weights, scale: 1 });
  } finally {
    device.pool.release(buffer);
  }
}
