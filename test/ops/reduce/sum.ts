import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { type Reference, zeros } from "../common/ref.ts";
import { groupsFor, sums } from "../common/reference/reduce.ts";
import { type Case, reduceTable } from "../common/samples/reduce.ts";
import { exact } from "../common/tolerance/pointwise.ts";
import { reduction } from "../common/tolerance/sums.ts";

const reference: Reference = {
  forward: ([x], attrs) => sums(x.data, groupsFor(x, attrs)),
  backward([x], attrs, gradOut) {
    const { group } = groupsFor(x, attrs);
    const gx = zeros(x.shape);
    for (let i = 0; i < gx.data.length; i++) gx.data[i] = gradOut.data[group[i]];
    return [gx];
  },
};

const empty: readonly Case[] = [
  [[0, 3], [1]],
  [[0, 3], [0]],
];

export const op: OpTest = {
  name: "sum",
  call: ([x], a) => T.sum(x, a.axes, { keepDims: a.keepdim }),
  reference,
  samples: reduceTable("sum", (d, s) => d.uniform(s), {}, { extra: empty }),
  tolerance: { forward: reduction(() => 1), grad: exact.grad },
};
