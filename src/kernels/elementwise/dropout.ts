import type { Binding, Device } from "../../device/index.ts";
import { linearGrid } from "../common/grid.ts";
import { dropout } from "../wgsl/dropout.ts";

/** y = x / (1 - p) where the stream's number for the entry is at least p, else 0; for the gradient g in place of x. */
export function dropoutKernel(
  device: Device,
  { x, y }: { x: Binding; y: Binding },
  { n, p, key }: { n: number; p: number; key: readonly [number, number] },
): void {
  // The key is asked for at each run of a recorded step.
  const params = () => ({
    ...{ n, k0: key[0], k1: key[1], threshold: Math.ceil(p * 2 ** 24) },
    scale: p < 1 ? 1 / (1 - p) : 0,
  });
  device.dispatch({ shader: dropout }, { x, y }, params, linearGrid(Math.ceil(n / 8)));
}
