import type { Device } from "../../device/index.ts";
import { type ChannelEnd, endOf } from "../common/channel-end.ts";
import { grid, lanesThatShare } from "../common/grid.ts";
import { product as productShader } from "../wgsl/product.ts";
import { inFours, type Product, type ProductIo } from "./product-dims.ts";
import { blocksOf, productOfFours } from "./product-lanes.ts";
import { productOfWorkgroups } from "./product-workgroup.ts";

/**
 * Records y = w . x + bias, ended as `end` says, for subgroups of 4 or more; by fours where all comes in fours, unless `single`. A
 * row is a channel of the end. The bias counts as a term of every piece.
 */
export function product(device: Device, io: ProductIo, p: Product, end: ChannelEnd = {}, single = false): void {
  if (!single && inFours(p)) {
    const record = device.facts.software ? productOfFours : productOfWorkgroups;
    record(device, io, p, { end });
    return;
  }
  const { x, w, bias, y } = io;
  const { batch, groups, ...sizes } = p;
  const SG = lanesThatShare(device);
  const OB = blocksOf(p.rows, SG);
  // Terms of a sum taken at a time, so that text stays short enough to compile in a second.
  const KU = OB <= 2 ? 2 : 1;
  const WG = device.facts.subgroupMin;
  const across = Math.ceil(p.columns / (WG * 4));
  const lines = batch * p.pieces * across;
  const workgroups = groups * Math.ceil(p.rows / (OB * SG)) * lines;
  const { bound, overrides, exprs } = endOf(end, w);
  device.dispatch(
    { shader: productShader, overrides: { WG, ...overrides }, tiles: { SG, OB, KU }, exprs },
    { x, weight: w, bias: bias ?? w, y, ...bound },
    { ...sizes, workgroups, lines, across, each: Math.ceil(p.inner / p.pieces), hasBias: bias ? 1 : 0 },
    grid(workgroups),
  );
}
