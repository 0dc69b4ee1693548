import type { Device } from "../../device/index.ts";
import { matmulWorkgroup } from "../wgsl/matmul-workgroup.ts";
import { longSums } from "./matmul-dims.ts";
import { comesInFours, launchInFours } from "./matmul-fours.ts";
import type { MatmulGiven, MatmulVariant } from "./matmul-variant.ts";
import { productOfWorkgroups, workgroupTile } from "./product-workgroup.ts";

/** By fours where that is possible, in workgroups of so many invocations. */
function launch(device: Device, { io, d, batches }: MatmulGiven, add: boolean, invocations: 64 | 128): void {
  const fours = launchInFours(d, batches);
  const { x, w, y } = io;
  if (fours) {
    const tile = workgroupTile(device, fours, invocations);
    productOfWorkgroups(device, { x: w, w: x, y }, fours, { add, tile });
  } else
    device.dispatch({ shader: matmulWorkgroup, overrides: { ADD: add ? 1 : 0 } }, io, d, [
      Math.ceil(d.n / 64),
      Math.ceil(d.m / 64),
      batches * d.splits,
    ]);
}

/** Tiles of outputs in memory that a workgroup shares, as GPUs want them, and long sums in parts. */
export const workgroup = {
  name: "workgroup",
  fits: () => true,
  cost: (_, facts) => (facts.software ? 3 : 0.2),
  splits: longSums,
  launch: (device, given, add) => launch(device, given, add, 64),
} as const satisfies MatmulVariant;

/** The same with twice the invocations a workgroup, for GPUs that want more at a time. */
export const workgroup128 = {
  name: "workgroup128",
  fits: comesInFours,
  cost: () => 3, // for a measurement to bring up
  splits: longSums,
  launch: (device, given, add) => launch(device, given, add, 128),
} as const satisfies MatmulVariant;
