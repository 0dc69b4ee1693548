import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { sigmoid, unaryReference } from "../common/reference/unary.ts";
import { unaryTable } from "../common/samples/pointwise.ts";
import { curve } from "../common/tolerance/pointwise.ts";

const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

export const op: OpTest = {
  name: "softplus",
  call: ([x]) => T.softplus(x),
  reference: unaryReference({ value: softplus, slope: sigmoid }),
  samples: unaryTable("softplus", (d, s) => d.uniform(s, -6, 6)),
  tolerance: curve,
};
