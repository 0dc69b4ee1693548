import type { Binding, Device } from "../../device/index.ts";
import { lanesThatShare } from "../common/grid.ts";
import { matmul } from "../wgsl/matmul.ts";
import { matmulSubgroup } from "../wgsl/matmul-subgroup.ts";
import { matmulWorkgroup } from "../wgsl/matmul-workgroup.ts";
import type { MatmulVariant } from "./matmul-choose.ts";
import type { MatmulLaunch } from "./matmul-dims.ts";
import { foursOf } from "./matmul-fours.ts";
import { productOfFours } from "./product.ts";

export type MatmulKernel = Exclude<MatmulVariant, "split">;

export interface MatmulIo {
  readonly x: Binding;
  readonly w: Binding;
  readonly y: Binding;
}

/** The product of the transposes: rows become columns. */
const turned = (io: MatmulIo, d: MatmulLaunch): [MatmulIo, MatmulLaunch] => [
  { x: io.w, w: io.x, y: io.y },
  {
    ...d,
    ...{ m: d.n, n: d.m, yM: d.yN, yN: d.yM },
    ...{ xM: d.wN, xK: d.wK, wK: d.xK, wN: d.xM },
    ...{ xOffset: d.wOffset, wOffset: d.xOffset, batchX: d.batchW, batchW: d.batchX },
  },
];

/** Lanes own columns: these should lie side by side in memory, and be many. */
const wantsTurn = (d: MatmulLaunch): boolean => (d.n < 8 || (d.wN !== 1 && d.xM === 1)) && d.m >= 8;

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

/** Records one product; with `add` on top of what y holds. "vec4" is "subgroup" for a stretch of which not all comes in fours. */
export function launchMatmul(
  device: Device,
  kernel: MatmulKernel,
  given: { io: MatmulIo; d: MatmulLaunch; batches: number },
  add: boolean,
): void {
  const fours = kernel === "vec4" ? foursOf(given.d, given.batches) : undefined;
  if (fours) {
    const { x, w, y } = given.io;
    productOfFours(device, { x: w, w: x, y }, fours, { add });
    return;
  }
  const [io, d] = kernel !== "workgroup" && wantsTurn(given.d) ? turned(given.io, given.d) : [given.io, given.d];
  const ADD = add ? 1 : 0;
  const deep = given.batches * d.splits;
  if (kernel === "workgroup") {
    const groups: [number, number, number] = [Math.ceil(d.n / 64), Math.ceil(d.m / 64), deep];
    device.dispatch({ shader: matmulWorkgroup, overrides: { ADD } }, io, d, groups);
  } else if (kernel === "subgroup" || kernel === "vec4") {
    const WG = device.subgroupMin;
    // With few rows a product is bound by memory, and more sums only wait for it.
    const tiles = subgroupTile(d.m, d.n, lanesThatShare(device), WG, device.smallKernels || d.m <= 8 ? 64 : 128);
    const groups: [number, number, number] = [
      Math.ceil(d.n / (WG * tiles.C)),
      Math.ceil(d.m / (tiles.RB * tiles.SI)),
      deep,
    ];
    device.dispatch({ shader: matmulSubgroup, overrides: { WG, ADD }, tiles: { ...tiles } }, io, d, groups);
  } else {
    const LANES = 16;
    const tiles = { TM: d.m >= 4 ? 4 : 1, TN: 2 };
    const groups: [number, number, number] = [Math.ceil(d.n / (LANES * tiles.TN)), Math.ceil(d.m / tiles.TM), deep];
    device.dispatch({ shader: matmul, overrides: { LANES, ADD }, tiles }, io, d, groups);
  }
}
