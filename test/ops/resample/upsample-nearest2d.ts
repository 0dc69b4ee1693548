import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { upsample } from "../common/reference/upsample.ts";
import { upsampleTable } from "../common/samples/images.ts";
import { upsampleRule } from "../common/tolerance/sums.ts";

export const op: OpTest = {
  name: "upsample_nearest2d",
  call: ([x], a) => T.upsampleNearest2d(x, { size: a.size }),
  reference: upsample("nearest"),
  samples: upsampleTable("upsample_nearest2d"),
  tolerance: upsampleRule("nearest"),
};
