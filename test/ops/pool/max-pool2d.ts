import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { maxPool } from "../common/reference/pool.ts";
import type { Row } from "../common/sample.ts";
import { poolTable } from "../common/samples/images.ts";
import { ceil2d, negative, type Pool, poolRow, tied } from "../common/samples/pools.ts";
import { maxPoolRule } from "../common/tolerance/sums.ts";

const dilated2d: readonly Pool[] = [
  [
    [1, 2, 10, 13],
    [3, 2],
    [2, 3],
    [1, 1, 0, 1],
    [2, 3],
  ],
  [
    [2, 1, 9, 8],
    [2, 3],
    [3, 2],
    [0, 0, 1, 1],
    [3, 2],
  ],
];

const moreMaxPool2d: readonly Row[] = [
  ...ceil2d.map((p) => poolRow("max_pool2d", p, { ceil_mode: true })),
  ...dilated2d.flatMap((p) => [true, false].map((ceil_mode) => poolRow("max_pool2d", p, { ceil_mode }))),
  negative(
    "max_pool2d",
    [
      [2, 2, 6, 8],
      [2, 2],
      [2, 2],
      [0, 0, 0, 0],
    ],
    false,
  ),
  negative(
    "max_pool2d",
    [
      [1, 2, 9, 7],
      [3, 3],
      [2, 2],
      [1, 1, 1, 1],
    ],
    false,
  ),
  negative(
    "max_pool2d",
    [
      [1, 2, 8, 7],
      [3, 3],
      [2, 3],
      [2, 0, 0, 2],
    ],
    true,
  ),
  tied(
    "max_pool2d",
    [
      [1, 2, 8, 7],
      [3, 2],
      [2, 2],
      [1, 1, 0, 0],
    ],
    true,
  ),
];

export const op: OpTest = {
  name: "max_pool2d",
  call: ([x], a) =>
    T.maxPool2d(x, {
      stride: a.stride,
      padding: a.padding,
      dilation: a.dilation,
      kernelSize: a.kernel,
      ceilMode: a.ceil_mode,
    }),
  reference: maxPool,
  samples: poolTable("max_pool2d", moreMaxPool2d),
  tolerance: maxPoolRule,
};
