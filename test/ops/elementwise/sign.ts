import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { unaryReference } from "../common/reference/unary.ts";
import { unaryTable } from "../common/samples/pointwise.ts";
import { exact } from "../common/tolerance/pointwise.ts";

export const op: OpTest = {
  name: "sign",
  call: ([x]) => T.sign(x),
  reference: unaryReference({ value: Math.sign }),
  samples: unaryTable("sign", (d, s) => d.uniform(s), {}, true),
  tolerance: exact,
};
