import * as L from "../../../src/landmarks/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { softArgmax } from "../common/reference/soft-argmax.ts";
import { softArgmaxTable } from "../common/samples/maps.ts";
import { softArgmaxRule } from "../common/tolerance/soft-argmax.ts";

type Shape = readonly number[];

const volumeShapes: readonly Shape[] = [
  [1, 1, 1, 1, 1],
  [1, 1, 1, 1, 7],
  [1, 1, 1, 7, 1],
  [1, 1, 7, 1, 1],
  [1, 1, 2, 3, 4],
  [2, 3, 4, 5, 3],
  [3, 1, 5, 4, 7],
  [1, 2, 13, 3, 11],
  [1, 2, 3, 17, 13],
  [2, 2, 16, 8, 4],
  [5, 7, 3, 3, 2],
  [1, 1, 23, 29, 31],
  [2, 1, 41, 5, 67],
  [0, 2, 4, 4, 4],
];

export const op: OpTest = {
  name: "soft_argmax3d",
  call: ([x], a) => L.softArgmax3d(x, { beta: a.beta, convention: a.convention }),
  reference: softArgmax,
  samples: softArgmaxTable("soft_argmax3d", volumeShapes, 2, [2, 4, 4, 4]),
  tolerance: softArgmaxRule,
};
