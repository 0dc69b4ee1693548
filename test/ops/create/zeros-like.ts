import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { unaryReference } from "../common/reference/unary.ts";
import { unaryTable } from "../common/samples/pointwise.ts";
import { exact } from "../common/tolerance/pointwise.ts";

export const op: OpTest = {
  name: "zeros_like",
  // A sum with x: zeros alone would be the same everywhere, and tell little.
  call: ([x]) => T.add(x, T.zerosLike(x)),
  reference: unaryReference({ value: (x) => x, slope: () => 1 }),
  samples: unaryTable("zeros_like", (d, s) => d.uniform(s)),
  tolerance: exact,
};
