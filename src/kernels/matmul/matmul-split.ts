import { longSums } from "./matmul-dims.ts";
import { subgroup } from "./matmul-subgroup.ts";
import { tile } from "./matmul-tile.ts";
import type { MatmulVariant } from "./matmul-variant.ts";

/** "subgroup", or where that cannot run "tile", with each sum cut in parts: for long sums of few outputs. */
export const split = {
  name: "split",
  fits: (dims) => dims.k > 1,
  cost: (dims, facts) => (facts.software && longSums(dims) ? 0.4 : 3),
  splits: () => true,
  launch: (device, given, add) => (device.facts.subgroupMin >= 4 ? subgroup : tile).launch(device, given, add),
} as const satisfies MatmulVariant;
