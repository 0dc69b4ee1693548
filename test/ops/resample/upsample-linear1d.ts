import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { resample } from "../common/reference/resample.ts";
import { lines, resampleTable } from "../common/samples/resample.ts";
import { resampleRule } from "../common/tolerance/resample.ts";

export const op: OpTest = {
  name: "upsample_linear1d",
  call: ([x], a) => T.upsampleLinear1d(x, { size: a.size[0], alignCorners: a.align_corners }),
  reference: resample("linear"),
  samples: resampleTable("upsample_linear1d", lines),
  tolerance: resampleRule("linear", 2),
};
