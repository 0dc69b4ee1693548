import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { numbersOf, type Reference } from "../common/ref.ts";
import { groupSums, softmaxParts } from "../common/reference/norm.ts";
import { softmaxTable } from "../common/samples/maps.ts";
import { logErrors, partsOf } from "../common/tolerance/soft.ts";
import { groupPeaks } from "../common/tolerance/sums.ts";
import type { ToleranceRule } from "../common/tolerance.ts";

const reference: Reference = {
  forward: ([x], attrs) => ({ shape: x.shape, data: softmaxParts(x, numbersOf(attrs, "axes")).log }),
  backward([x], attrs, gradOut) {
    const { group, p, total } = softmaxParts(x, numbersOf(attrs, "axes"));
    const sum = groupSums(gradOut.data, group, total.length);
    return [{ shape: x.shape, data: p.map((v, i) => gradOut.data[i] - v * sum[group[i]]) }];
  },
};

const tolerance: ToleranceRule = {
  forward: ({ inputs: [z], attrs, t }) => logErrors(z, numbersOf(attrs, "axes"), t),
  // g - p S, S the sum of K gradients.
  grad(situation) {
    const { u, t, gradOut } = situation;
    const { group, p, total, length } = partsOf(situation);
    const sums = groupSums(gradOut.data, group, total.length);
    const g = groupPeaks(gradOut.data, group, total.length);
    return p.map((v, i) => {
      const s = Math.abs(sums[group[i]]);
      const terms = Math.SQRT2 * Math.max(Math.abs(gradOut.data[i]), v * s);
      return u * (terms + v * Math.sqrt(length) * g[group[i]]) + 3 * t * v * s;
    });
  },
};

export const op: OpTest = {
  name: "log_softmax",
  call: ([x], a) => T.logSoftmax(x, a.axes),
  reference,
  samples: softmaxTable("log_softmax"),
  tolerance,
};
