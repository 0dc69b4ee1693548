import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { extreme } from "../common/reference/reduce.ts";
import { noneLeft, reduceTable, ties } from "../common/samples/reduce.ts";
import { exact } from "../common/tolerance/pointwise.ts";
import { ownPart } from "../common/tolerance/sums.ts";

export const op: OpTest = {
  name: "min",
  call: ([x], a) => T.min(x, a.axes, { keepDims: a.keepdim }),
  reference: extreme("min"),
  samples: reduceTable("min", (d, s) => d.distinct(s), {}, { extra: noneLeft, rows: [ties("min")] }),
  tolerance: { forward: exact.forward, grad: ownPart },
};
