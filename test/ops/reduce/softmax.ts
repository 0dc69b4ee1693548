import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { numbersOf, type Reference } from "../common/ref.ts";
import { groupSums, softmaxParts } from "../common/reference/norm.ts";
import { softmaxTable } from "../common/samples/maps.ts";
import { mayBeFlushed, partsOf } from "../common/tolerance/soft.ts";
import { groupPeaks } from "../common/tolerance/sums.ts";
import type { ToleranceRule } from "../common/tolerance.ts";

const reference: Reference = {
  forward: ([x], attrs) => ({ shape: x.shape, data: softmaxParts(x, numbersOf(attrs, "axes")).p }),
  backward([x], attrs, gradOut) {
    const { group, p, total } = softmaxParts(x, numbersOf(attrs, "axes"));
    const dot = groupSums(
      p.map((v, i) => v * gradOut.data[i]),
      group,
      total.length,
    );
    return [{ shape: x.shape, data: p.map((v, i) => v * (gradOut.data[i] - dot[group[i]])) }];
  },
};

const tolerance: ToleranceRule = {
  // exp, the sum of exps, the quotient: 3 t of the value.
  forward: ({ want, t }) => want.data.map((p) => 3 * t * p),
  // p (g - sum of g p): two terms up to the group's largest |g|, each with p's error.
  grad(situation) {
    const { group, p, total } = partsOf(situation);
    const g = groupPeaks(situation.gradOut.data, group, total.length);
    return p.map((v, i) => (mayBeFlushed(v) ? 2 : 3 * Math.SQRT2 * situation.t) * v * g[group[i]]);
  },
};

export const op: OpTest = {
  name: "softmax",
  call: ([x], a) => T.softmax(x, a.axes),
  reference,
  samples: softmaxTable("softmax"),
  tolerance,
};
