import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { resample } from "../common/reference/resample.ts";
import { resampleTable, volumes } from "../common/samples/resample.ts";
import { resampleRule } from "../common/tolerance/resample.ts";

export const op: OpTest = {
  name: "upsample_nearest3d",
  call: ([x], a) => T.upsampleNearest3d(x, { size: a.size }),
  reference: resample("nearest"),
  samples: resampleTable("upsample_nearest3d", volumes),
  tolerance: resampleRule("nearest", 1),
};
