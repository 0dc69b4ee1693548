import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { numbersOf, type Reference } from "../common/ref.ts";
import { softmaxParts } from "../common/reference/norm.ts";
import { groupsFor } from "../common/reference/reduce.ts";
import { row } from "../common/sample.ts";
import { noneLeft, reduceTable } from "../common/samples/reduce.ts";
import type { ToleranceRule } from "../common/tolerance.ts";

/** ln of the sum of exp(x) over the axes; attrs { axes, keepdim }. */
const reference: Reference = {
  forward([x], attrs) {
    const { top, total } = softmaxParts(x, numbersOf(attrs, "axes"));
    return { shape: groupsFor(x, attrs).shape, data: total.map((t, i) => top[i] + Math.log(t)) };
  },
  backward([x], attrs, gradOut) {
    const { p, group } = softmaxParts(x, numbersOf(attrs, "axes"));
    return [{ shape: x.shape, data: p.map((v, i) => v * gradOut.data[group[i]]) }];
  },
};

const tolerance: ToleranceRule = {
  // The largest entry and the logarithm of the sum: two terms; t of the sum is t in its logarithm.
  forward({ inputs: [x], attrs, t }) {
    const { top, total } = softmaxParts(x, numbersOf(attrs, "axes"));
    return total.map((s, i) => t * (Math.SQRT2 * Math.max(Math.abs(top[i]), Math.log(s)) + 1));
  },
  // g p, p = exp(x - largest) / sum: three steps, as softmax.
  grad: ({ want, t }) => want.data.map((v) => 3 * t * Math.abs(v)),
};

export const op: OpTest = {
  name: "logsumexp",
  call: ([x], a) => T.logsumexp(x, a.axes, { keepDims: a.keepdim }),
  reference,
  samples: reduceTable(
    "logsumexp",
    (d, s) => d.uniform(s, -3, 3),
    {},
    {
      extra: noneLeft,
      rows: [
        row("logsumexp", "large values", (d) => ({
          inputs: [d.uniform([5, 17], 480, 500)],
          attrs: { axes: [1], keepdim: false },
        })),
      ],
    },
  ),
  tolerance,
};
