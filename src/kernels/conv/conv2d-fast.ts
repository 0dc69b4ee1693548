import type { Binding, Device } from "../../device/index.ts";
import { grid, lanesThatShare } from "../common/grid.ts";
import { withFloats } from "../common/scratch.ts";
import { reduceAxis } from "../reduce/reduce.ts";
import { conv2dSubgroup } from "../wgsl/conv2d-subgroup.ts";
import { conv2dSubgroupWeightGrad } from "../wgsl/conv2d-subgroup-weight-grad.ts";
import { conv2dTile } from "../wgsl/conv2d-tile.ts";
import { conv2dTileWeightGrad } from "../wgsl/conv2d-tile-weight-grad.ts";
import type { Conv2dDims } from "./conv2d-dims.ts";
import { blocksOf, type Gather, mostColumns, sharingOf } from "./conv2d-gather.ts";
import { evenPieces, piecesOfSums } from "./conv2d-pieces.ts";

/** "subgroup" wants subgroups of 4 or more. */
export type FastVariant = "subgroup" | "tile";

/** Output channels a lane takes together without subgroups. */
const channelTile = (channels: number): number => (channels === 1 ? 1 : channels <= 4 ? 4 : 8);

/** Records one convolution in its gathered form. */
export function fastGather(
  device: Device,
  { x, w, bias, y }: { x: Binding; w: Binding; bias?: Binding; y: Binding },
  gather: Gather,
  variant: FastVariant,
  exprs: { act?: string } = {},
): void {
  const { n, groups, ...sizes } = gather;
  const { spacing, ...tiles } = sharingOf(gather.kq, gather.countX, gather.strideX, gather.stepX, mostColumns(device));
  const tilesX = Math.ceil(gather.countX / (4 * spacing)) * spacing;
  const items = n * gather.countY * tilesX;
  const outGroup = gather.outC / groups;
  const bindings = { x, weight: w, bias: bias ?? w, y };
  const params = { ...sizes, items, tilesX, spacing, hasBias: bias ? 1 : 0, inGroup: gather.inC / groups, outGroup };
  const launch = (lanes: number, channels: number): [number, number, number] => {
    const [across, down] = grid(Math.ceil(items / lanes));
    return [across, down, groups * Math.ceil(outGroup / channels)];
  };
  if (variant === "subgroup") {
    const SG = lanesThatShare(device);
    const OB = blocksOf(outGroup, SG, tiles.QW, (blocks) => tiles.COLS + blocks * tiles.QW);
    const WG = device.subgroupMin;
    device.dispatch(
      { shader: conv2dSubgroup, overrides: { WG }, tiles: { ...tiles, OB, SG }, exprs },
      bindings,
      params,
      launch(WG, SG * OB),
    );
  } else {
    const TO = channelTile(outGroup);
    device.dispatch({ shader: conv2dTile, tiles: { ...tiles, TO }, exprs }, bindings, params, launch(32, TO));
  }
}

/** Workgroups that keep any adapter busy. */
const busy = 512;

/** Records the gradient of the weights. */
export function fastWeightGrad(
  device: Device,
  { x, g, weightGrad }: { x: Binding; g: Binding; weightGrad: Binding },
  dims: Conv2dDims,
  variant: FastVariant,
): void {
  const cg = dims.c / dims.groups;
  const og = dims.o / dims.groups;
  const { spacing, ...tiles } = sharingOf(dims.kw, dims.outW, dims.strideW, dims.dilationW, mostColumns(device));
  const SG = lanesThatShare(device);
  const OB = blocksOf(og, SG, tiles.QW, (blocks) => tiles.COLS + 4 * blocks);
  const TO = channelTile(og);
  const [lanes, channels] = variant === "subgroup" ? [device.subgroupMin, SG * OB] : [32, TO];
  const across = Math.ceil((cg * dims.kh * dims.kw) / tiles.QW / lanes);
  const deep = dims.groups * Math.ceil(og / channels);
  const weights = dims.o * cg * dims.kh * dims.kw;
  const rows = dims.n * dims.outH;
  const pieces = Math.max(Math.ceil(busy / Math.max(1, across * deep)), piecesOfSums(rows * dims.outW, weights));
  const split = evenPieces(rows, pieces);
  const run = (into: Binding) => {
    const bindings = { x, g, weightGrad: into };
    const params = { ...dims, split, spacing };
    if (variant === "subgroup")
      device.dispatch(
        { shader: conv2dSubgroupWeightGrad, overrides: { WG: lanes }, tiles: { ...tiles, OB, SG } },
        bindings,
        params,
        [across, split, deep],
      );
    else
      device.dispatch({ shader: conv2dTileWeightGrad, tiles: { ...tiles, TO } }, bindings, params, [
        across,
        split,
        deep,
      ]);
  };
  if (split === 1) run(weightGrad);
  else
    withFloats(device, weights * split, "conv2d's partial weight gradients", (parts) => {
      run(parts);
      reduceAxis(device, "sum", { x: parts, y: weightGrad }, { outer: 1, length: split, inner: weights });
    });
}
