import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { resample } from "../common/reference/resample.ts";
import { resampleTable, type Sizes } from "../common/samples/resample.ts";
import { resampleRule } from "../common/tolerance/resample.ts";

const images: Sizes = [
  [
    [1, 1, 1, 1],
    [1, 1],
  ],
  [
    [1, 1, 1, 1],
    [3, 4],
  ],
  [
    [1, 1, 3, 4],
    [1, 1],
  ],
  [
    [1, 1, 2, 3],
    [4, 6],
  ],
  [
    [2, 3, 4, 5],
    [8, 10],
  ],
  [
    [2, 1, 3, 2],
    [48, 32],
  ], // by 16, as one of the architectures wants
  [
    [1, 5, 7, 11],
    [7, 11],
  ],
  [
    [1, 2, 7, 11],
    [7, 23],
  ],
  [
    [1, 2, 7, 11],
    [13, 5],
  ],
  [
    [3, 1, 5, 3],
    [7, 2],
  ],
  [
    [1, 2, 13, 17],
    [6, 4],
  ],
  [
    [1, 3, 1, 6],
    [5, 12],
  ],
  [
    [1, 3, 6, 1],
    [12, 5],
  ],
  [
    [2, 2, 5, 9],
    [23, 29],
  ],
  [
    [2, 4, 31, 29],
    [62, 58],
  ],
  [
    [1, 1, 64, 67],
    [3, 5],
  ],
  [
    [0, 2, 3, 3],
    [6, 6],
  ],
];

export const op: OpTest = {
  name: "upsample_bicubic2d",
  call: ([x], a) => T.upsampleBicubic2d(x, { size: a.size, alignCorners: a.align_corners }),
  reference: resample("cubic"),
  samples: resampleTable("upsample_bicubic2d", images),
  tolerance: resampleRule("cubic", 4),
};
