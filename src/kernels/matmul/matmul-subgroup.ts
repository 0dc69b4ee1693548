import { lanesThatShare } from "../common/grid.ts";
import { matmulSubgroup } from "../wgsl/matmul-subgroup.ts";
import { type MatmulVariant, withManyColumns } from "./matmul-variant.ts";

const powerAbove = (n: number): number => 2 ** Math.ceil(Math.log2(n));

/** Rows and columns a lane of the subgroup kernel takes together. */
export interface SubgroupTile {
  readonly SG: number;
  readonly RB: number;
  readonly SI: number;
  readonly C: number;
}

/**
 * The tile that costs least, with a load as dear as twenty multiply-adds (measured on lavapipe), and no more sums than
 * registers and compilers take well.
 */
export function subgroupTile(m: number, n: number, SG: number, WG: number, most: number): SubgroupTile {
  let best: SubgroupTile & { cost: number } = { SG, RB: 1, SI: 1, C: 1, cost: Infinity };
  for (const SI of m >= SG ? [SG] : [powerAbove(m)])
    for (const RB of m > SG ? [1, 2, 3, 4] : [1])
      for (const C of [1, 2, 4, 8, 16]) {
        if (RB * SI * C > most || (C > 1 && WG * (C / 2) >= n)) continue;
        const tiles = Math.ceil(m / (RB * SI)) * Math.ceil(n / (WG * C));
        const cost = tiles * (10 + 20 * (RB + C) + RB * SI * C);
        if (cost < best.cost) best = { SG, RB, SI, C, cost };
      }
  const { cost: _, ...tile } = best;
  return tile;
}

/** More rows a thread than "tile", whose values are loaded one a lane and broadcast; for subgroups of 4 or more. */
export const subgroup = {
  name: "subgroup",
  fits: (_, facts) => facts.subgroupMin >= 4,
  cost: (_, facts) => (facts.software ? 0.6 : 3),
  splits: () => false,

  launch(device, given, add) {
    const [io, d] = withManyColumns(given);
    const { subgroupMin: WG, smallKernels } = device.facts;
    // With few rows a product is bound by memory, and more sums only wait for it.
    const tiles = subgroupTile(d.m, d.n, lanesThatShare(device), WG, smallKernels || d.m <= 8 ? 64 : 128);
    device.dispatch(
      { shader: matmulSubgroup, overrides: { WG, ADD: add ? 1 : 0 }, tiles: { ...tiles } },
      { ...io },
      d,
      [Math.ceil(d.n / (WG * tiles.C)), Math.ceil(d.m / (tiles.RB * tiles.SI)), given.batches * d.splits],
    );
  },
} as const satisfies MatmulVariant;
