import { ConfigError } from "../../../src/errors.ts";
import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { avgPool } from "../common/reference/pool.ts";
import { refused, type SampleTable } from "../common/sample.ts";
import { averages, ceil3d, poolRow, sound, volumes, wrongVolumes } from "../common/samples/pools.ts";
import { avgPoolRule } from "../common/tolerance/sums.ts";

const samples: SampleTable = {
  rows: [
    ...volumes.map((p, i) => poolRow("avg_pool3d", p, { ceil_mode: false, count_include_pad: i % 2 === 0 })),
    ...averages("avg_pool3d", ceil3d, true),
  ],
  errors: [
    ...wrongVolumes("avg_pool3d", { count_include_pad: true }),
    {
      ...refused(
        "a divisor of 0",
        [[1, 1, 4, 4, 4]],
        { ...sound, divisor_override: 0 },
        "avg_pool3d",
        "divisorOverride",
      ),
      errorClass: ConfigError,
    },
  ],
};

export const op: OpTest = {
  name: "avg_pool3d",
  call: ([x], a) =>
    T.avgPool3d(x, {
      stride: a.stride,
      padding: a.padding,
      kernelSize: a.kernel,
      ceilMode: a.ceil_mode,
      countIncludePad: a.count_include_pad,
      divisorOverride: a.divisor_override,
    }),
  reference: avgPool,
  samples,
  tolerance: avgPoolRule,
};
