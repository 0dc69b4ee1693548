import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { numberOf } from "../common/ref.ts";
import { unaryReference } from "../common/reference/unary.ts";
import { unaryTable } from "../common/samples/pointwise.ts";
import { exact } from "../common/tolerance/pointwise.ts";

export const op: OpTest = {
  name: "hard_step",
  call: ([x], a) => T.hardStep(x, a.threshold),
  reference: unaryReference({ value: (x, attrs) => (x > numberOf(attrs, "threshold") ? 1 : 0) }),
  samples: unaryTable("hard_step", (d, s) => d.apart(s, [0.5]), { threshold: 0.5 }, true),
  tolerance: exact,
};
