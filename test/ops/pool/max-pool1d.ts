import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { maxPool } from "../common/reference/pool.ts";
import { lineTable } from "../common/samples/pool-lines.ts";
import { maxPoolRule } from "../common/tolerance/sums.ts";

export const op: OpTest = {
  name: "max_pool1d",
  call: ([x], a) =>
    T.maxPool1d(x, {
      kernelSize: a.kernel[0],
      stride: a.stride[0],
      padding: a.padding,
      ceilMode: a.ceil_mode,
      dilation: a.dilation[0],
    }),
  reference: maxPool,
  samples: lineTable("max_pool1d"),
  tolerance: maxPoolRule,
};
