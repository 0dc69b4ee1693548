import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { unaryReference } from "../common/reference/unary.ts";
import { unaryTable } from "../common/samples/pointwise.ts";
import { curve } from "../common/tolerance/pointwise.ts";

export const op: OpTest = {
  name: "exp",
  call: ([x]) => T.exp(x),
  reference: unaryReference({ value: Math.exp, slope: Math.exp }),
  samples: unaryTable("exp", (d, s) => d.uniform(s, -4, 4)),
  tolerance: curve,
};
