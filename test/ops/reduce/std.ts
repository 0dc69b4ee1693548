import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { numberOf, type Ref, type Reference, zeros } from "../common/ref.ts";
import { groupsFor, meansOf } from "../common/reference/reduce.ts";
import { type Row, row } from "../common/sample.ts";
import { reduceTable } from "../common/samples/reduce.ts";
import { groupPeaks } from "../common/tolerance/sums.ts";
import type { ToleranceRule } from "../common/tolerance.ts";

const deviations = (x: Ref, attrs: Parameters<Reference["forward"]>[1]) => {
  const groups = groupsFor(x, attrs);
  const means = meansOf(x.data, groups);
  return {
    groups,
    d: x.data.map((v, i) => v - means[groups.group[i]]),
    divisor: groups.length - numberOf(attrs, "correction"),
  };
};

/** Root of the sum of squared deviations from the group's mean over length - correction. */
const reference: Reference = {
  forward([x], attrs) {
    const { groups, d, divisor } = deviations(x, attrs);
    const out = zeros(groups.shape);
    d.forEach((v, i) => {
      out.data[groups.group[i]] += (v * v) / divisor;
    });
    return { shape: out.shape, data: out.data.map(Math.sqrt) };
  },
  backward([x], attrs, gradOut) {
    const { groups, d, divisor } = deviations(x, attrs);
    const value = reference.forward([x], attrs).data;
    const gx = zeros(x.shape);
    d.forEach((v, i) => {
      const at = groups.group[i];
      gx.data[i] = value[at] === 0 ? 0 : (gradOut.data[at] * v) / (divisor * value[at]);
    });
    return [gx];
  },
};

const tolerance: ToleranceRule = {
  // Half of what the variance may be off by, as a part of it (variance.ts); the root is a product's step.
  forward({ inputs: [x], attrs, want, u }) {
    const { groups, d, divisor } = deviations(x, attrs);
    return groupPeaks(d, groups.group, want.data.length).map((top, i) =>
      want.data[i] === 0
        ? 0
        : (u * Math.sqrt(groups.length) * top * top) / divisor / (2 * want.data[i]) + u * want.data[i],
    );
  },
  // g (x - mean) / (y (K - correction)): x - mean is a sum of terms up to the largest |x| of its group, and y is off as above.
  grad({ inputs: [x], attrs, gradOut, value, want, u }) {
    const { groups, d, divisor } = deviations(x, attrs);
    const [peaks, tops] = [x.data, d].map((v) => groupPeaks(v, groups.group, gradOut.data.length));
    return want.data.map((w, i) => {
      const at = groups.group[i];
      if (value.data[at] === 0) return 0;
      const off = (u * Math.sqrt(groups.length) * tops[at] ** 2) / divisor / (2 * value.data[at] ** 2) + u;
      const difference = (u * Math.SQRT2 * Math.abs(gradOut.data[at]) * peaks[at]) / (divisor * value.data[at]);
      return difference + Math.abs(w) * off;
    });
  },
};

const more: readonly Row[] = [
  row("std", "population", (d) => ({
    inputs: [d.uniform([5, 17])],
    attrs: { axes: [1], keepdim: false, correction: 0 },
  })),
  row("std", "far from 0", (d) => ({
    inputs: [d.uniform([5, 17], 99, 101)],
    attrs: { axes: [0], keepdim: true, correction: 1 },
  })),
  // All alike: PyTorch's gradient is 0, where the slope is infinite.
  row(
    "std",
    "no spread",
    (d) => ({
      inputs: [d.fill([3, 4], (_, i) => (i < 8 ? 1.5 : i))],
      attrs: { axes: [1], keepdim: false, correction: 1 },
    }),
    true,
  ),
];

export const op: OpTest = {
  name: "std",
  call: ([x], a) => T.std(x, a.axes, { keepDims: a.keepdim, correction: a.correction }),
  reference,
  samples: reduceTable("std", (d, s) => d.uniform(s), { correction: 1 }, { rows: more, least: 2 }),
  tolerance,
};
