import type { Device } from "../../device/index.ts";
import { endOf } from "../common/channel-end.ts";
import { lanesThatShare } from "../common/grid.ts";
import { productVec4 } from "../wgsl/product-vec4.ts";
import { type FoursOptions, foursOf, type Product, type ProductIo } from "./product-dims.ts";

/**
 * Blocks of `lanes` rows that a lane takes together: the count that costs least, with a load as dear as twenty multiply-adds
 * (measured on lavapipe).
 */
export function blocksOf(rows: number, lanes: number): number {
  const cost = (blocks: number) => Math.ceil(rows / (lanes * blocks)) * (20 * (4 + blocks) + 4 * lanes * blocks);
  return [1, 2, 3, 4].reduce((best, blocks) => (cost(blocks) < cost(best) ? blocks : best));
}

/** Records such a product by fours, as software adapters want it: a subgroup shares its weights. */
export function productOfFours(device: Device, io: ProductIo, p: Product, { end = {}, add }: FoursOptions = {}): void {
  const { x, w, bias, y } = io;
  const SG = lanesThatShare(device);
  const OB = blocksOf(p.rows, SG);
  const SI = p.rows >= SG ? SG : 2 ** Math.ceil(Math.log2(p.rows));
  const WG = device.facts.subgroupMin;
  const { params, tiles, groups } = foursOf(p, bias !== undefined, { rows: OB * SI, fours: WG });
  const { bound, overrides, exprs } = endOf(end, w);
  device.dispatch(
    { shader: productVec4, overrides: { WG, ADD: add ? 1 : 0, ...overrides }, tiles: { SG, OB, SI, ...tiles }, exprs },
    { x, weight: w, bias: bias ?? w, y, ...bound },
    params,
    groups,
  );
}
