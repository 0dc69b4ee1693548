import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { adaptive } from "../common/reference/adaptive-pool.ts";
import { adaptive2d, adaptiveTable } from "../common/samples/adaptive-pool.ts";
import { adaptiveRule } from "../common/tolerance/sums.ts";

const adaptive1d = adaptive2d.map(([[n, c, , w], [, b]]) => [[n, c, w], [b]] as const);

export const op: OpTest = {
  name: "adaptive_avg_pool1d",
  call: ([x], a) => T.adaptiveAvgPool1d(x, a.size[0]),
  reference: adaptive,
  samples: adaptiveTable("adaptive_avg_pool1d", adaptive1d, [2, 4]),
  tolerance: adaptiveRule,
};
