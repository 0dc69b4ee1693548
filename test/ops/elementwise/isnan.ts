import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { unaryReference } from "../common/reference/unary.ts";
import { withRows } from "../common/samples/pointwise.ts";
import { beyond, finite, lineOf } from "../common/samples/special.ts";
import { exact } from "../common/tolerance/pointwise.ts";

export const op: OpTest = {
  name: "isnan",
  call: ([x]) => T.isnan(x),
  reference: unaryReference({ value: (x) => Number(Number.isNaN(x)) }),
  samples: withRows("isnan", (d, s) => d.uniform(s), [
    ["special", lineOf([...finite, ...beyond])],
    ["NaN among others", (d) => d.fill([31, 17], (r) => (r.uniform() < 0.3 ? Number.NaN : r.uniform(-1, 1)))],
    ["infinities among others", (d) => d.fill([257], (r) => (r.uniform() < 0.3 ? 1 / 0 : -1 / 0) * r.integer(2))],
  ]),
  tolerance: exact,
};
