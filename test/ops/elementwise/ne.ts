import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { compared } from "../common/reference/compare.ts";
import { comparison } from "../common/samples/compare.ts";
import { exact } from "../common/tolerance/pointwise.ts";

export const op: OpTest = {
  name: "ne",
  call: ([a, b]) => T.ne(a, b),
  reference: compared((a, b) => a !== b),
  samples: comparison("ne"),
  tolerance: exact,
};
