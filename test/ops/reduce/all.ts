import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { truth } from "../common/reference/truth.ts";
import { truthTable } from "../common/samples/truth.ts";
import { exact } from "../common/tolerance/pointwise.ts";

export const op: OpTest = {
  name: "all",
  call: ([x], a) => T.all(x, a.axes, { keepDims: a.keepdim }),
  reference: truth("all"),
  samples: truthTable("all"),
  tolerance: exact,
};
