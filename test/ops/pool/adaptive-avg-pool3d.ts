import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { adaptive } from "../common/reference/adaptive-pool.ts";
import { adaptive2d, adaptiveTable } from "../common/samples/adaptive-pool.ts";
import { adaptiveRule } from "../common/tolerance/sums.ts";

const adaptive3d: readonly (readonly [readonly number[], readonly number[]])[] = [
  ...adaptive2d.slice(0, 16).map(
    ([[n, c, h, w], [a, b]], i) =>
      [
        [n, c, 1 + (i % 5), h, w],
        [a === 1 && b === 1 ? 1 : 1 + ((i * 2) % 4), a, b],
      ] as const,
  ),
  [
    [2, 2, 9, 8, 7],
    [3, 4, 5],
  ],
  [
    [1, 3, 12, 5, 16],
    [5, 5, 4],
  ],
  [
    [1, 1, 17, 19, 23],
    [4, 5, 6],
  ],
  [
    [1, 1, 2, 3, 4],
    [5, 6, 7],
  ],
  [
    [0, 2, 4, 4, 4],
    [2, 2, 2],
  ],
];

export const op: OpTest = {
  name: "adaptive_avg_pool3d",
  call: ([x], a) => T.adaptiveAvgPool3d(x, a.size),
  reference: adaptive,
  samples: adaptiveTable("adaptive_avg_pool3d", adaptive3d, [2, 4, 4, 4]),
  tolerance: adaptiveRule,
};
