import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { unaryReference } from "../common/reference/unary.ts";
import { unaryTable } from "../common/samples/pointwise.ts";
import { exact } from "../common/tolerance/pointwise.ts";

export const op: OpTest = {
  name: "abs",
  call: ([x]) => T.abs(x),
  reference: unaryReference({ value: Math.abs, slope: Math.sign }),
  samples: unaryTable("abs", (d, s) => d.apart(s, [0]), {}, true),
  tolerance: exact,
};
