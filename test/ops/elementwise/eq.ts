import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { compared } from "../common/reference/compare.ts";
import { comparison } from "../common/samples/compare.ts";
import { exact } from "../common/tolerance/pointwise.ts";

export const op: OpTest = {
  name: "eq",
  call: ([a, b]) => T.eq(a, b),
  reference: compared((a, b) => a === b),
  samples: comparison("eq"),
  tolerance: exact,
};
