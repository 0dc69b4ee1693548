import type { Binding, Device } from "../../device/index.ts";
import { linearGrid } from "../common/grid.ts";
import { triangle } from "../wgsl/triangle.ts";

/** Matrices x [count, rows, columns] without what lies above the diagonal, or with `upper` below it. */
export interface TriangleDims {
  readonly count: number;
  readonly rows: number;
  readonly columns: number;
  /** How far to the right the diagonal lies. */
  readonly diagonal: number;
  readonly upper: boolean;
}

export function triangleKernel(
  device: Device,
  io: { x: Binding; y: Binding },
  { count, rows, columns, diagonal, upper }: TriangleDims,
): void {
  const n = count * rows * columns;
  device.dispatch(
    { shader: triangle, overrides: { UPPER: upper ? 1 : 0 } },
    io,
    { n, rows, columns, diagonal },
    linearGrid(n, 4),
  );
}
