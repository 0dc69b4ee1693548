import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { triangle } from "../common/reference/triangle.ts";
import { triangleTable } from "../common/samples/triangle.ts";
import { exact } from "../common/tolerance/pointwise.ts";

export const op: OpTest = {
  name: "triu",
  call: ([x], a) => T.triu(x, a.diagonal),
  reference: triangle((apart, diagonal) => apart >= diagonal),
  samples: triangleTable("triu"),
  tolerance: exact,
};
