import type { Device } from "../../device/index.ts";
import { endOf } from "../common/channel-end.ts";
import { productWorkgroup } from "../wgsl/product-workgroup.ts";
import { type FoursOptions, foursOf, type Product, type ProductIo } from "./product-dims.ts";

/** Rows (TM) and fours of columns (TN) that each of LR x LC invocations makes, KB terms at a time. */
export interface WorkgroupTile {
  readonly LR: number;
  readonly LC: number;
  readonly TM: number;
  readonly TN: number;
  readonly KB: number;
}

/** Workgroups that keep a large GPU busy. */
const busy = 128;

/**
 * 64 x 64 outputs for 64 invocations, or 128; less where the matrix is small, or too few workgroups would keep a GPU busy, and on
 * software adapters, whose compilers take long over large tiles.
 */
export function workgroupTile(device: Device, p: Product, threads: 64 | 128 = 64): WorkgroupTile {
  if (device.facts.software) return { LR: 8, LC: threads / 8, TM: 4, TN: 1, KB: threads / 8 };
  if (threads === 128) return { LR: 8, LC: 16, TM: 8, TN: 1, KB: 16 };
  const copies = p.batch * p.groups * p.pieces;
  const workgroups = (rows: number, columns: number): number =>
    copies * Math.ceil(p.rows / rows) * Math.ceil(p.columns / columns);
  const TM = p.rows > 32 && workgroups(64, 64) >= busy ? 8 : 4;
  const TN = p.columns > 32 && workgroups(8 * TM, 64) >= busy ? 2 : 1;
  return { LR: 8, LC: 8, TM, TN, KB: 16 };
}

/** Records a product by fours (`inFours`) through workgroup memory, as GPUs want it; no subgroups are needed. */
export function productOfWorkgroups(
  device: Device,
  { x, w, bias, y }: ProductIo,
  p: Product,
  { end = {}, add, tile = workgroupTile(device, p) }: FoursOptions & { readonly tile?: WorkgroupTile } = {},
): void {
  const { LR, LC, TM, TN, KB } = tile;
  const { params, tiles, groups } = foursOf(p, bias !== undefined, { rows: LR * TM, fours: LC * TN });
  const [LOADS_W, LOADS_X] = [(KB * TM) / (4 * LC), (KB * TN) / LR];
  const { bound, overrides, exprs } = endOf(end, w);
  device.dispatch(
    {
      shader: productWorkgroup,
      overrides: { ADD: add ? 1 : 0, ...overrides },
      tiles: { ...tile, LOADS_W, LOADS_X, ...tiles },
      exprs,
    },
    { x, weight: w, bias: bias ?? w, y, ...bound },
    params,
    groups,
  );
}
