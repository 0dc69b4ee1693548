import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { triangle } from "../common/reference/triangle.ts";
import { triangleTable } from "../common/samples/triangle.ts";
import { exact } from "../common/tolerance/pointwise.ts";

export const op: OpTest = {
  name: "tril",
  call: ([x], a) => T.tril(x, a.diagonal),
  reference: triangle((apart, diagonal) => apart <= diagonal),
  samples: triangleTable("tril"),
  tolerance: exact,
};
