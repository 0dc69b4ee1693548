import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { type Reference, zeros } from "../common/ref.ts";
import { groupsFor, meansOf } from "../common/reference/reduce.ts";
import { noneLeft, reduceTable } from "../common/samples/reduce.ts";
import { ownPart, reduction } from "../common/tolerance/sums.ts";

const reference: Reference = {
  forward([x], attrs) {
    const groups = groupsFor(x, attrs);
    return { shape: groups.shape, data: meansOf(x.data, groups) };
  },
  backward([x], attrs, gradOut) {
    const { group, length } = groupsFor(x, attrs);
    const gx = zeros(x.shape);
    for (let i = 0; i < gx.data.length; i++) gx.data[i] = gradOut.data[group[i]] / length;
    return [gx];
  },
};

export const op: OpTest = {
  name: "mean",
  call: ([x], a) => T.mean(x, a.axes, { keepDims: a.keepdim }),
  reference,
  samples: reduceTable("mean", (d, s) => d.uniform(s), {}, { extra: noneLeft }),
  tolerance: { forward: reduction((length) => 1 / length), grad: ownPart },
};
