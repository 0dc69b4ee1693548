import type { Binding, Device } from "../device/index.ts";
import { grid } from "./conv2d-dims.ts";
import { lanesThatShare } from "./grid.ts";
import { conv2dProduct } from "./wgsl/conv2d-product.ts";

/** Matrix products as wgsl/conv2d_product.wgsl describes them; lengths and distances in elements. */
export interface Product {
  readonly batch: number;
  readonly groups: number;
  readonly rows: number;
  readonly columns: number;
  /** Terms of a sum, and how many products share them, each a result of its own. */
  readonly inner: number;
  readonly pieces: number;
  readonly xBatch: number;
  readonly xGroup: number;
  readonly xStep: number;
  readonly xColumn: number;
  readonly wFirst: number;
  readonly wBatch: number;
  readonly wGroup: number;
  readonly wRow: number;
  readonly wStep: number;
  readonly yFirst: number;
  readonly yBatch: number;
  readonly yGroup: number;
  readonly yRow: number;
}

/**
 * Blocks of `lanes` rows that a lane takes together: the count that costs least, with a load as dear as twenty multiply-adds
 * (measured on lavapipe); terms of a sum taken at a time, so that text stays short enough to compile in a second.
 */
function tilesOf(rows: number, lanes: number): { SG: number; OB: number; KU: number } {
  const cost = (blocks: number) => Math.ceil(rows / (lanes * blocks)) * (20 * (4 + blocks) + 4 * lanes * blocks);
  const OB = [1, 2, 3, 4].reduce((best, blocks) => (cost(blocks) < cost(best) ? blocks : best));
  return { SG: lanes, OB, KU: OB <= 2 ? 2 : 1 };
}

/** Records y = w . x + bias, through an activation, for subgroups of 4 or more. */
export function product(
  device: Device,
  { x, w, bias, y }: { x: Binding; w: Binding; bias?: Binding; y: Binding },
  { batch, groups, ...p }: Product,
  exprs: { act?: string } = {},
): void {
  const tiles = tilesOf(p.rows, lanesThatShare(device));
  const WG = device.subgroupMin;
  const across = Math.ceil(p.columns / (WG * 4));
  const workgroups = batch * p.pieces * across;
  const [gx, gy] = grid(workgroups);
  device.dispatch(
    { shader: conv2dProduct, overrides: { WG }, tiles, exprs },
    { x, weight: w, bias: bias ?? w, y },
    { ...p, workgroups, across, each: Math.ceil(p.inner / p.pieces), hasBias: bias ? 1 : 0 },
    [gx, gy, groups * Math.ceil(p.rows / (tiles.OB * tiles.SG))],
  );
}
