import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { truth } from "../common/reference/truth.ts";
import { truthTable } from "../common/samples/truth.ts";
import { exact } from "../common/tolerance/pointwise.ts";

export const op: OpTest = {
  name: "any",
  call: ([x], a) => T.any(x, a.axes, { keepDims: a.keepdim }),
  reference: truth("any"),
  samples: truthTable("any"),
  tolerance: exact,
};
