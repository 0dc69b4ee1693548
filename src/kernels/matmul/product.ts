import type { Binding, Device } from "../../device/index.ts";
import { grid, lanesThatShare } from "../common/grid.ts";
import { product as productShader } from "../wgsl/product.ts";
import { productVec4 } from "../wgsl/product-vec4.ts";
import { productOfWorkgroups } from "./product-workgroup.ts";

/** Matrix products as wgsl/matmul/product.wgsl describes them; lengths and distances in elements. */
export interface Product {
  readonly batch: number;
  readonly groups: number;
  readonly rows: number;
  readonly columns: number;
  /** Terms of a sum, and how many products share them, each a result of its own. */
  readonly inner: number;
  readonly pieces: number;
  readonly xFirst: number;
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

export interface ProductIo {
  readonly x: Binding;
  readonly w: Binding;
  readonly bias?: Binding;
  readonly y: Binding;
}

/**
 * Blocks of `lanes` rows that a lane takes together: the count that costs least, with a load as dear as twenty multiply-adds
 * (measured on lavapipe).
 */
function blocksOf(rows: number, lanes: number): number {
  const cost = (blocks: number) => Math.ceil(rows / (lanes * blocks)) * (20 * (4 + blocks) + 4 * lanes * blocks);
  return [1, 2, 3, 4].reduce((best, blocks) => (cost(blocks) < cost(best) ? blocks : best));
}

const fours = (n: number): number => 4 * Math.ceil(n / 4);

/** Whether all that wgsl/matmul/product_vec4.wgsl moves comes in fours, and what it reads and stores beyond the last lies within a row. */
export function inFours(p: Product): boolean {
  const starts = [p.xFirst, p.xBatch, p.xGroup, p.wFirst, p.wBatch, p.wGroup, p.yFirst, p.yBatch, p.yGroup, p.yRow];
  if (starts.some((at) => at % 4 !== 0)) return false;
  const [columns, inner] = [fours(p.columns), fours(p.inner)];
  const terms = (row: number): boolean => row % 4 === 0 && (row >= inner || p.inner === inner);
  const whole = (length: number, step: number): boolean => length % 4 === 0 && step % 4 === 0;
  const x =
    p.xColumn === 1
      ? p.xStep % 4 === 0 && p.xStep >= columns && p.inner === inner
      : p.xStep === 1 && terms(p.xColumn) && p.columns === columns;
  const w = p.wStep === 1 ? terms(p.wRow) : p.wRow === 1 && whole(p.rows, p.wStep);
  return x && w && p.yRow >= columns;
}

/** How a product by fours is asked for: what it is followed by, and whether it comes on top of what y holds. */
export interface FoursOptions {
  readonly exprs?: { readonly act?: string };
  readonly add?: boolean;
}

/** The params and the tiles that all kernels by fours share, for so many rows and fours of columns a workgroup. */
export function foursOf(p: Product, bias: boolean, block: { readonly rows: number; readonly fours: number }) {
  const [ALONG, TURNED] = [p.xColumn === 1 ? 0 : 1, p.wStep === 1 ? 0 : 1];
  const columns = Math.ceil(p.columns / 4);
  const across = Math.ceil(columns / block.fours);
  const lines = p.batch * p.pieces * across;
  const workgroups = p.groups * Math.ceil(p.rows / block.rows) * lines;
  const params = {
    workgroups,
    lines,
    across,
    columns,
    rows: p.rows,
    inner: p.inner,
    pieces: p.pieces,
    each: fours(p.inner / p.pieces),
    hasBias: bias ? 1 : 0,
    xFirst: p.xFirst / 4,
    xBatch: p.xBatch / 4,
    xGroup: p.xGroup / 4,
    xStep: ALONG === 1 ? 1 : p.xStep / 4,
    xColumn: ALONG === 1 ? p.xColumn / 4 : 1,
    wFirst: p.wFirst / 4,
    wBatch: p.wBatch / 4,
    wGroup: p.wGroup / 4,
    wRow: TURNED === 1 ? 1 : p.wRow / 4,
    wStep: TURNED === 1 ? p.wStep / 4 : 1,
    yFirst: p.yFirst / 4,
    yBatch: p.yBatch / 4,
    yGroup: p.yGroup / 4,
    yRow: p.yRow / 4,
  };
  return { params, tiles: { ALONG, TURNED }, groups: grid(workgroups) };
}

/** Records such a product by fours, as software adapters want it: a subgroup shares its weights. */
export function productOfFours(
  device: Device,
  io: ProductIo,
  p: Product,
  { exprs = {}, add }: FoursOptions = {},
): void {
  const { x, w, bias, y } = io;
  const SG = lanesThatShare(device);
  const OB = blocksOf(p.rows, SG);
  const SI = p.rows >= SG ? SG : 2 ** Math.ceil(Math.log2(p.rows));
  const WG = device.facts.subgroupMin;
  const { params, tiles, groups } = foursOf(p, bias !== undefined, { rows: OB * SI, fours: WG });
  device.dispatch(
    { shader: productVec4, overrides: { WG, ADD: add ? 1 : 0 }, tiles: { SG, OB, SI, ...tiles }, exprs },
    { x, weight: w, bias: bias ?? w, y },
    params,
    groups,
  );
}

/**
 * Records y = w . x + bias, through an activation, for subgroups of 4 or more; by fours where all comes in fours, unless `single`.
 * The bias counts as a term of every piece.
 */
export function product(device: Device, io: ProductIo, p: Product, exprs: { act?: string } = {}, single = false): void {
  if (!single && inFours(p)) {
    const record = device.facts.software ? productOfFours : productOfWorkgroups;
    record(device, io, p, { exprs });
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
  device.dispatch(
    { shader: productShader, overrides: { WG }, tiles: { SG, OB, KU }, exprs },
    { x, weight: w, bias: bias ?? w, y },
    { ...sizes, workgroups, lines, across, each: Math.ceil(p.inner / p.pieces), hasBias: bias ? 1 : 0 },
    grid(workgroups),
  );
}
