import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { unaryReference } from "../common/reference/unary.ts";
import { unaryTable } from "../common/samples/pointwise.ts";
import { exact } from "../common/tolerance/pointwise.ts";

export const op: OpTest = {
  name: "clone",
  call: ([x]) => T.clone(x),
  reference: unaryReference({ value: (x) => x, slope: () => 1 }),
  samples: unaryTable("clone", (d, s) => d.uniform(s)),
  tolerance: exact,
};
