import type { Binding, Device } from "../../device/index.ts";
import { gridDown } from "../common/grid.ts";
import { dropRows } from "../wgsl/drop-rows.ts";

const workgroup = 64;

/** y [rows, s] = x / (1 - p) in the rows for which the stream's number is at least p, else 0; for the gradient g in place of x. */
export function dropRowsKernel(
  device: Device,
  { x, y }: { x: Binding; y: Binding },
  { rows, s, p, key }: { rows: number; s: number; p: number; key: readonly [number, number] },
): void {
  const WX = Math.min(workgroup, 2 ** Math.ceil(Math.log2(s)));
  const WY = workgroup / WX;
  const each = Math.max(1, Math.min(16, Math.ceil(s / WX)));
  device.dispatch(
    { shader: dropRows, overrides: { WX, WY } },
    { x, y },
    // The key is asked for at each run of a recorded step.
    () => ({
      ...{ rows, s, each, k0: key[0], k1: key[1], threshold: Math.ceil(p * 2 ** 24) },
      scale: p < 1 ? 1 / (1 - p) : 0,
    }),
    gridDown(Math.ceil(s / (WX * each)), Math.ceil(rows / WY)),
  );
}
