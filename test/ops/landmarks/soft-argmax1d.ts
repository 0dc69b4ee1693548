import * as L from "../../../src/landmarks/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { softArgmax } from "../common/reference/soft-argmax.ts";
import { softArgmaxTable } from "../common/samples/maps.ts";
import { softArgmaxRule } from "../common/tolerance/soft-argmax.ts";

type Shape = readonly number[];

const profileShapes: readonly Shape[] = [
  [1, 1, 1],
  [1, 1, 2],
  [2, 3, 7],
  [1, 5, 13],
  [3, 1, 64],
  [1, 2, 257],
  [5, 7, 31],
  [1, 1, 4099],
  [37, 19, 3],
  [0, 2, 5],
];

export const op: OpTest = {
  name: "soft_argmax1d",
  call: ([x], a) => L.softArgmax1d(x, { beta: a.beta, convention: a.convention }),
  reference: softArgmax,
  samples: softArgmaxTable("soft_argmax1d", profileShapes, 3, [2, 4]),
  tolerance: softArgmaxRule,
};
