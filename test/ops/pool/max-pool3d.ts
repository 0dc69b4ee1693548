import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { maxPool } from "../common/reference/pool.ts";
import type { SampleTable } from "../common/sample.ts";
import { ceil3d, negative, type Pool, poolRow, tied, volumes, wrongVolumes } from "../common/samples/pools.ts";
import { maxPoolRule } from "../common/tolerance/sums.ts";

const dilated3d: readonly Pool[] = [
  [
    [1, 2, 7, 8, 9],
    [2, 3, 2],
    [2, 1, 3],
    [1, 1, 2, 1, 0, 2],
    [2, 2, 4],
  ],
  [
    [2, 1, 6, 9, 5],
    [3, 2, 3],
    [1, 2, 2],
    [0, 0, 3, 0, 1, 1],
    [2, 5, 1],
  ],
];

const samples: SampleTable = {
  rows: [
    ...[...volumes, ...dilated3d].map((p) => poolRow("max_pool3d", p, { ceil_mode: false })),
    ...[...ceil3d, ...dilated3d].map((p) => poolRow("max_pool3d", p, { ceil_mode: true })),
    negative(
      "max_pool3d",
      [
        [2, 1, 4, 6, 5],
        [2, 2, 2],
        [2, 2, 2],
        [0, 0, 0, 0, 0, 0],
      ],
      false,
    ),
    negative(
      "max_pool3d",
      [
        [1, 2, 5, 6, 7],
        [3, 3, 3],
        [2, 2, 2],
        [1, 1, 1, 1, 1, 1],
      ],
      true,
    ),
    tied(
      "max_pool3d",
      [
        [1, 2, 5, 6, 7],
        [3, 2, 3],
        [2, 1, 2],
        [1, 1, 0, 1, 1, 0],
      ],
      false,
    ),
  ],
  errors: wrongVolumes("max_pool3d", { dilation: [1, 1, 1] }),
};

export const op: OpTest = {
  name: "max_pool3d",
  call: ([x], a) =>
    T.maxPool3d(x, {
      stride: a.stride,
      padding: a.padding,
      dilation: a.dilation,
      kernelSize: a.kernel,
      ceilMode: a.ceil_mode,
    }),
  reference: maxPool,
  samples,
  tolerance: maxPoolRule,
};
