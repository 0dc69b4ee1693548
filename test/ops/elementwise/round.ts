import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { unaryReference } from "../common/reference/unary.ts";
import { withRows } from "../common/samples/pointwise.ts";
import { finite, lineOf } from "../common/samples/special.ts";
import { exact } from "../common/tolerance/pointwise.ts";

/** The nearest whole number, of two equally near the even one. */
function halfToEven(x: number): number {
  const below = Math.floor(x);
  if (x - below !== 0.5) return Math.round(x);
  return below % 2 === 0 ? below : below + 1;
}

export const op: OpTest = {
  name: "round",
  call: ([x]) => T.round(x),
  reference: unaryReference({ value: halfToEven }),
  samples: withRows("round", (d, s) => d.uniform(s, -9, 9), [
    ["whole and halves", (d) => d.ties([9, 13])],
    ["halves", (d) => d.fill([63], (_, i) => i - 31.5)],
    ["special", lineOf(finite)],
    ["large", (d) => d.signed([257], 1e4, 1e9)],
  ]),
  tolerance: exact,
};
