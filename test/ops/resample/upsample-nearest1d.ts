import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { resample } from "../common/reference/resample.ts";
import { lines, resampleTable, type Sizes } from "../common/samples/resample.ts";
import { resampleRule } from "../common/tolerance/resample.ts";

const moreLines: Sizes = [3, 17, 31, 44, 5, 29, 97, 12, 8, 71].map((w, i) => [
  [1 + (i % 3), 1 + (i % 2), w],
  [2 * i + 7],
]);

export const op: OpTest = {
  name: "upsample_nearest1d",
  call: ([x], a) => T.upsampleNearest1d(x, { size: a.size[0] }),
  reference: resample("nearest"),
  samples: resampleTable("upsample_nearest1d", [...lines, ...moreLines]),
  tolerance: resampleRule("nearest", 1),
};
