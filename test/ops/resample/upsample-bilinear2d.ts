import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { upsample } from "../common/reference/upsample.ts";
import { upsampleTable } from "../common/samples/images.ts";
import { upsampleRule } from "../common/tolerance/sums.ts";

export const op: OpTest = {
  name: "upsample_bilinear2d",
  call: ([x], a) => T.upsampleBilinear2d(x, { size: a.size, alignCorners: a.align_corners }),
  reference: upsample("linear"),
  samples: upsampleTable("upsample_bilinear2d"),
  tolerance: upsampleRule("linear"),
};
