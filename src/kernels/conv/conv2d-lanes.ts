/** What the variants in registers, "tile" and "subgroup", share: lanes that own four outputs of some channels each. */
import type { Device } from "../../device/index.ts";
import { type ChannelEnd, endOf } from "../common/channel-end.ts";
import { grid } from "../common/grid.ts";
import { addPieces, evenPieces, piecesOfSums } from "../common/pieces.ts";
import type { ForwardIo, WeightGradIo } from "./conv-variant.ts";
import type { Conv2dDims } from "./conv2d-dims.ts";
import { type Gather, mostColumns, sharingOf } from "./conv2d-gather.ts";

/** A convolution in its gathered form: tiles, buffers, params and end, and the grid for so many lanes and channels a workgroup. */
export function lanesOf(device: Device, { x, w, bias, y }: ForwardIo, gather: Gather, end: ChannelEnd = {}) {
  const { n, groups, ...sizes } = gather;
  const columns = mostColumns(device.facts);
  const { spacing, ...tiles } = sharingOf(gather.kq, gather.countX, gather.strideX, gather.stepX, columns);
  const tilesX = Math.ceil(gather.countX / (4 * spacing)) * spacing;
  const items = n * gather.countY * tilesX;
  const outGroup = gather.outC / groups;
  const { bound, overrides, exprs } = endOf(end, w);
  return {
    tiles,
    outGroup,
    overrides,
    exprs,
    bindings: { x, weight: w, bias: bias ?? w, y, ...bound },
    params: { ...sizes, items, tilesX, spacing, hasBias: bias ? 1 : 0, inGroup: gather.inC / groups, outGroup },
    launch: (lanes: number, channels: number) =>
      grid(Math.ceil(items / lanes), groups * Math.ceil(outGroup / channels)),
  };
}

/** Workgroups that keep any adapter busy. */
const busy = 512;

/** Taps of a row, and outputs, that a lane takes together in the gradient of the weights. */
export function weightGradTiles(device: Device, dims: Conv2dDims) {
  return sharingOf(dims.kw, dims.outW, dims.strideW, dims.dilationW, mostColumns(device.facts));
}

/** Cuts the sums of a weight gradient for workgroups of so many lanes and channels, and adds up what `run` makes of the pieces. */
export function laneWeightGrad(
  device: Device,
  { x, g, weightGrad }: WeightGradIo,
  dims: Conv2dDims,
  { lanes, channels, QW }: { lanes: number; channels: number; QW: number },
  run: (io: WeightGradIo, split: number, groups: [number, number, number]) => void,
): void {
  const [inputs, outputs] = [dims.c / dims.groups, dims.o / dims.groups];
  const across = Math.ceil((inputs * dims.kh * dims.kw) / QW / lanes);
  const deep = dims.groups * Math.ceil(outputs / channels);
  const weights = dims.o * inputs * dims.kh * dims.kw;
  const rows = dims.n * dims.outH;
  const pieces = Math.max(Math.ceil(busy / Math.max(1, across * deep)), piecesOfSums(rows * dims.outW, weights));
  const split = evenPieces(rows, pieces);
  const sums = { pieces: split, count: weights, into: weightGrad, what: "conv2d's partial weight gradients" };
  addPieces(device, sums, (parts) => run({ x, g, weightGrad: parts }, split, [across, split, deep]));
}
