import { conv2dTile } from "../wgsl/conv2d-tile.ts";
import { conv2dTileWeightGrad } from "../wgsl/conv2d-tile-weight-grad.ts";
import type { ConvVariant } from "./conv-variant.ts";
import type { Conv2dDims } from "./conv2d-dims.ts";
import { byGathers, fewGathers } from "./conv2d-gathered.ts";
import { lanesOf, laneWeightGrad, weightGradTiles } from "./conv2d-lanes.ts";

/** Output channels a lane takes together. */
const channelTile = (channels: number): number => (channels === 1 ? 1 : channels <= 4 ? 4 : 8);

/** Four outputs by some channels a thread, in registers. */
export const tile = {
  name: "tile",
  fits: (dims, _, pass) => fewGathers(dims, pass),

  cost(dims, facts, pass) {
    if (!facts.software || pass !== "weightGrad") return 0.5;
    // Lanes own channels and taps: one output channel, or few lanes' worth, leaves them idle.
    return dims.o > dims.groups && (dims.c / dims.groups) * dims.kh >= 16 ? 0.5 : 2;
  },

  ...byGathers((device, io, gather, end) => {
    const { tiles, outGroup, overrides, exprs, bindings, params, launch } = lanesOf(device, io, gather, end);
    const TO = channelTile(outGroup);
    device.dispatch(
      { shader: conv2dTile, overrides, tiles: { ...tiles, TO }, exprs },
      bindings,
      params,
      launch(32, TO),
    );
  }),

  weightGrad(device, io, dims) {
    const { spacing, ...tiles } = weightGradTiles(device, dims);
    const TO = channelTile(dims.o / dims.groups);
    laneWeightGrad(device, io, dims, { lanes: 32, channels: TO, QW: tiles.QW }, (some, split, groups) =>
      device.dispatch(
        { shader: conv2dTileWeightGrad, tiles: { ...tiles, TO } },
        some,
        { ...dims, split, spacing },
        groups,
      ),
    );
  },
} as const satisfies ConvVariant<Conv2dDims>;
