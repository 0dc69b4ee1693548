import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { unaryReference } from "../common/reference/unary.ts";
import { angles, withRows } from "../common/samples/pointwise.ts";
import { curve } from "../common/tolerance/pointwise.ts";

export const op: OpTest = {
  name: "sin",
  call: ([x]) => T.sin(x),
  reference: unaryReference({ value: Math.sin, slope: Math.cos }),
  samples: withRows("sin", (d, s) => d.uniform(s, -7, 7), angles),
  tolerance: curve,
};
