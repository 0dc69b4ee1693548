import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { extreme } from "../common/reference/reduce.ts";
import { noneLeft, reduceTable, ties } from "../common/samples/reduce.ts";
import { exact } from "../common/tolerance/pointwise.ts";
import { ownPart } from "../common/tolerance/sums.ts";

export const op: OpTest = {
  name: "max",
  call: ([x], a) => T.max(x, a.axes, { keepDims: a.keepdim }),
  reference: extreme("max"),
  samples: reduceTable("max", (d, s) => d.distinct(s), {}, { extra: noneLeft, rows: [ties("max")] }),
  // The gradient is divided among ties.
  tolerance: { forward: exact.forward, grad: ownPart },
};
