import { gridDown } from "./grid.ts";

/** How a kernel of lib/rows.wgsl is spread over `rows` rows of `columns` columns. */
export interface RowGrid {
  readonly overrides: { readonly WX: number; readonly WY: number };
  /** Rows that one invocation walks. */
  readonly each: number;
  readonly groups: [number, number, number];
}

const workgroup = 64;
/** Invocations that are enough for any adapter; beyond, each takes more rows instead. */
const enough = 65536;

export function rowGrid(columns: number, rows: number): RowGrid {
  if (columns === 0 || rows === 0) return { overrides: { WX: workgroup, WY: 1 }, each: 1, groups: [0, 0, 0] };
  const WX = Math.min(workgroup, 2 ** Math.ceil(Math.log2(columns)));
  const WY = workgroup / WX;
  const each = Math.max(1, Math.min(8, Math.floor((columns * rows) / enough)));
  return { overrides: { WX, WY }, each, groups: gridDown(Math.ceil(columns / WX), Math.ceil(rows / (WY * each))) };
}
