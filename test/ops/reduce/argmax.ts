import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { extreme } from "../common/reference/indexing.ts";
import { extremeTable } from "../common/samples/indexing.ts";
import { exact } from "../common/tolerance/pointwise.ts";

export const op: OpTest = {
  name: "argmax",
  call: ([x], a) => T.cast(T.argmax(x, a.axis, { keepDims: a.keepdim }), "f32"),
  reference: extreme("argmax"),
  samples: extremeTable("argmax"),
  tolerance: exact,
};
