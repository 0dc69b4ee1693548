import type { Binding } from "../../device/index.ts";
import type { ChannelEnd } from "../common/channel-end.ts";
import { grid } from "../common/grid.ts";

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

/** How a product by fours is asked for: how its rows end, and whether it comes on top of what y holds. */
export interface FoursOptions {
  readonly end?: ChannelEnd;
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
