import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { unaryReference } from "../common/reference/unary.ts";
import { angles, withRows } from "../common/samples/pointwise.ts";
import { curve } from "../common/tolerance/pointwise.ts";

export const op: OpTest = {
  name: "cos",
  call: ([x]) => T.cos(x),
  reference: unaryReference({ value: Math.cos, slope: (x) => -Math.sin(x) }),
  samples: withRows("cos", (d, s) => d.uniform(s, -7, 7), angles),
  tolerance: curve,
};
