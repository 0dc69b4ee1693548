import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { extreme } from "../common/reference/indexing.ts";
import { extremeTable } from "../common/samples/indexing.ts";
import { exact } from "../common/tolerance/pointwise.ts";

export const op: OpTest = {
  name: "argmin",
  call: ([x], a) => T.cast(T.argmin(x, a.axis, { keepDims: a.keepdim }), "f32"),
  reference: extreme("argmin"),
  samples: extremeTable("argmin"),
  tolerance: exact,
};
