import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { unaryReference } from "../common/reference/unary.ts";
import { unaryTable } from "../common/samples/pointwise.ts";
import { exact } from "../common/tolerance/pointwise.ts";

export const op: OpTest = {
  name: "relu",
  call: ([x]) => T.relu(x),
  reference: unaryReference({ value: (x) => Math.max(x, 0), slope: (x) => (x > 0 ? 1 : 0) }),
  samples: unaryTable("relu", (d, s) => d.apart(s, [0]), {}, true),
  tolerance: exact,
};
