import { longSums } from "./matmul-dims.ts";
import { comesInFours, launchInFours } from "./matmul-fours.ts";
import { subgroup } from "./matmul-subgroup.ts";
import type { MatmulVariant } from "./matmul-variant.ts";
import { productOfFours } from "./product-lanes.ts";

/**
 * "subgroup" with loads and stores of four numbers, where what lies side by side is a multiple of 4, and long sums in parts; a
 * stretch of which not all comes in fours runs as "subgroup".
 */
export const vec4 = {
  name: "vec4",
  fits: (dims, facts) => facts.subgroupMin >= 4 && comesInFours(dims),
  // Its workgroups take four columns a lane.
  cost: (dims, facts) => (facts.software && dims.n >= 4 * facts.subgroupMin ? 0.2 : 3),
  splits: longSums,

  launch(device, given, add) {
    const fours = launchInFours(given.d, given.batches);
    const { x, w, y } = given.io;
    if (fours) productOfFours(device, { x: w, w: x, y }, fours, { add });
    else subgroup.launch(device, given, add);
  },
} as const satisfies MatmulVariant;
