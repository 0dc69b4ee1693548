import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { avgPool } from "../common/reference/pool.ts";
import type { Row } from "../common/sample.ts";
import { poolTable } from "../common/samples/images.ts";
import { averages, ceil2d } from "../common/samples/pools.ts";
import { avgPoolRule } from "../common/tolerance/sums.ts";

const moreAvgPool2d: readonly Row[] = averages("avg_pool2d", ceil2d, true);

export const op: OpTest = {
  name: "avg_pool2d",
  call: ([x], a) =>
    T.avgPool2d(x, {
      stride: a.stride,
      padding: a.padding,
      kernelSize: a.kernel,
      ceilMode: a.ceil_mode,
      countIncludePad: a.count_include_pad,
      divisorOverride: a.divisor_override,
    }),
  reference: avgPool,
  samples: poolTable("avg_pool2d", moreAvgPool2d),
  tolerance: avgPoolRule,
};
