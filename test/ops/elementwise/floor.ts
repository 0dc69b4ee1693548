import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { unaryReference } from "../common/reference/unary.ts";
import { withRows } from "../common/samples/pointwise.ts";
import { finite, lineOf, normal } from "../common/samples/special.ts";
import { exact } from "../common/tolerance/pointwise.ts";

export const op: OpTest = {
  name: "floor",
  call: ([x]) => T.floor(x),
  reference: unaryReference({ value: Math.floor }),
  samples: withRows("floor", (d, s) => d.uniform(s, -9, 9), [
    ["whole and halves", (d) => d.ties([9, 13])],
    ["special", lineOf(normal(finite))],
    ["large", (d) => d.signed([257], 1e4, 1e9)],
  ]),
  tolerance: exact,
};
