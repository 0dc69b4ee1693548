import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { avgPool } from "../common/reference/pool.ts";
import { lineTable } from "../common/samples/pool-lines.ts";
import { avgPoolRule } from "../common/tolerance/sums.ts";

export const op: OpTest = {
  name: "avg_pool1d",
  call: ([x], a) =>
    T.avgPool1d(x, {
      kernelSize: a.kernel[0],
      stride: a.stride[0],
      padding: a.padding,
      ceilMode: a.ceil_mode,
      countIncludePad: a.count_include_pad,
    }),
  reference: avgPool,
  samples: lineTable("avg_pool1d"),
  tolerance: avgPoolRule,
};
