import { matmul } from "../wgsl/matmul.ts";
import { type MatmulVariant, withManyColumns } from "./matmul-variant.ts";

/** A few outputs a thread, in registers: what the others are measured by. */
export const tile = {
  name: "tile",
  fits: () => true,
  cost: () => 1,
  splits: () => false,

  launch(device, given, add) {
    const [io, d] = withManyColumns(given);
    const LANES = 16;
    const tiles = { TM: d.m >= 4 ? 4 : 1, TN: 2 };
    device.dispatch({ shader: matmul, overrides: { LANES, ADD: add ? 1 : 0 }, tiles }, io, d, [
      Math.ceil(d.n / (LANES * tiles.TN)),
      Math.ceil(d.m / tiles.TM),
      given.batches * d.splits,
    ]);
  },
} as const satisfies MatmulVariant;
