import { lanesThatShare } from "../common/grid.ts";
import { conv2dSubgroup } from "../wgsl/conv2d-subgroup.ts";
import { conv2dSubgroupWeightGrad } from "../wgsl/conv2d-subgroup-weight-grad.ts";
import type { ConvVariant } from "./conv-variant.ts";
import type { Conv2dDims } from "./conv2d-dims.ts";
import { blocksOf } from "./conv2d-gather.ts";
import { byGathers, channelsOf, fewGathers } from "./conv2d-gathered.ts";
import { lanesOf, laneWeightGrad, weightGradTiles } from "./conv2d-lanes.ts";

/** Four outputs by more channels a thread, the weights loaded one a lane and broadcast; for subgroups of 4 or more. */
export const subgroup = {
  name: "subgroup",
  fits: (dims, facts, pass) => facts.subgroupMin >= 4 && fewGathers(dims, pass),

  cost(dims, facts, pass) {
    const { outer } = channelsOf(dims, pass);
    // The lanes own channels, and few of them leave most lanes idle.
    return facts.software && outer >= (pass === "weightGrad" ? 2 : 3) ? 0.3 : 3;
  },

  ...byGathers((device, io, gather, end) => {
    const { tiles, outGroup, overrides, exprs, bindings, params, launch } = lanesOf(device, io, gather, end);
    const SG = lanesThatShare(device);
    const OB = blocksOf(outGroup, SG, tiles.QW, (blocks) => tiles.COLS + blocks * tiles.QW);
    const WG = device.facts.subgroupMin;
    device.dispatch(
      { shader: conv2dSubgroup, overrides: { WG, ...overrides }, tiles: { ...tiles, OB, SG }, exprs },
      bindings,
      params,
      launch(WG, SG * OB),
    );
  }),

  weightGrad(device, io, dims) {
    const { spacing, ...tiles } = weightGradTiles(device, dims);
    const SG = lanesThatShare(device);
    const OB = blocksOf(dims.o / dims.groups, SG, tiles.QW, (blocks) => tiles.COLS + 4 * blocks);
    const WG = device.facts.subgroupMin;
    laneWeightGrad(device, io, dims, { lanes: WG, channels: SG * OB, QW: tiles.QW }, (some, split, groups) =>
      device.dispatch(
        { shader: conv2dSubgroupWeightGrad, overrides: { WG }, tiles: { ...tiles, OB, SG } },
        some,
        { ...dims, split, spacing },
        groups,
      ),
    );
  },
} as const satisfies ConvVariant<Conv2dDims>;
