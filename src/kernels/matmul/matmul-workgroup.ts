import { matmulWorkgroup } from "../wgsl/matmul-workgroup.ts";
import { longSums } from "./matmul-dims.ts";
import type { MatmulVariant } from "./matmul-variant.ts";

/** Tiles of 64 x 64 outputs in memory that a workgroup shares, as GPUs want them, and long sums in parts. */
export const workgroup = {
  name: "workgroup",
  fits: () => true,
  cost: (_, facts) => (facts.software ? 3 : 0.2),
  splits: longSums,

  launch(device, { io, d, batches }, add) {
    device.dispatch({ shader: matmulWorkgroup, overrides: { ADD: add ? 1 : 0 } }, io, d, [
      Math.ceil(d.n / 64),
      Math.ceil(d.m / 64),
      batches * d.splits,
    ]);
  },
} as const satisfies MatmulVariant;
