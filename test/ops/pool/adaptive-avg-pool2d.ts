import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { adaptive } from "../common/reference/adaptive-pool.ts";
import { adaptive2d, adaptiveTable } from "../common/samples/adaptive-pool.ts";
import { adaptiveRule } from "../common/tolerance/sums.ts";

export const op: OpTest = {
  name: "adaptive_avg_pool2d",
  call: ([x], a) => T.adaptiveAvgPool2d(x, a.size),
  reference: adaptive,
  samples: adaptiveTable("adaptive_avg_pool2d", adaptive2d, [2, 4, 4]),
  tolerance: adaptiveRule,
};
