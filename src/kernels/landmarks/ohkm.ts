import type { Binding, Device } from "../../device/index.ts";
import { linearGrid } from "../common/grid.ts";
import { ohkm } from "../wgsl/ohkm.ts";

/** y [rows, k] = scale where x is among the `top` largest of its row, else 0. */
export function markLargest(
  device: Device,
  io: { x: Binding; y: Binding },
  { rows, k, top, scale }: { rows: number; k: number; top: number; scale: number },
): void {
  device.dispatch({ shader: ohkm }, io, { rows, k, top, scale }, linearGrid(rows * k));
}
