import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { resample } from "../common/reference/resample.ts";
import { resampleTable, volumes } from "../common/samples/resample.ts";
import { resampleRule } from "../common/tolerance/resample.ts";

export const op: OpTest = {
  name: "upsample_trilinear3d",
  call: ([x], a) => T.upsampleTrilinear3d(x, { size: a.size, alignCorners: a.align_corners }),
  reference: resample("linear"),
  samples: resampleTable("upsample_trilinear3d", volumes),
  tolerance: resampleRule("linear", 2),
};
