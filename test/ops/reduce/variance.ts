import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { numberOf, type Reference, zeros } from "../common/ref.ts";
import { groupsFor, meansOf } from "../common/reference/reduce.ts";
import { type Row, row } from "../common/sample.ts";
import { noneLeft, reduceTable } from "../common/samples/reduce.ts";
import { groupPeaks } from "../common/tolerance/sums.ts";
import type { ToleranceRule } from "../common/tolerance.ts";

/** Sum of squared deviations from the group's mean, over length - correction. */
const reference: Reference = {
  forward([x], attrs) {
    const groups = groupsFor(x, attrs);
    const means = meansOf(x.data, groups);
    const out = zeros(groups.shape);
    const divisor = groups.length - numberOf(attrs, "correction");
    for (let i = 0; i < x.data.length; i++)
      out.data[groups.group[i]] += (x.data[i] - means[groups.group[i]]) ** 2 / divisor;
    return out;
  },
  backward([x], attrs, gradOut) {
    const groups = groupsFor(x, attrs);
    const means = meansOf(x.data, groups);
    const divisor = groups.length - numberOf(attrs, "correction");
    const gx = zeros(x.shape);
    for (let i = 0; i < x.data.length; i++) {
      const at = groups.group[i];
      gx.data[i] = (gradOut.data[at] * 2 * (x.data[i] - means[at])) / divisor;
    }
    return [gx];
  },
};

const tolerance: ToleranceRule = {
  // A sum of K squares d^2 / (K - correction), d = x - mean; a rounded mean only shifts every d alike, which cancels.
  forward({ inputs: [x], attrs, want, u }) {
    const { group, length } = groupsFor(x, attrs);
    const means = new Float64Array(want.data.length);
    for (let i = 0; i < x.data.length; i++) means[group[i]] += x.data[i] / length;
    const peaks = groupPeaks(
      x.data.map((v, i) => v - means[group[i]]),
      group,
      want.data.length,
    );
    return peaks.map((d) => (u * Math.sqrt(length) * d * d) / (length - numberOf(attrs, "correction")));
  },
  // g * 2 (x - mean) / (K - correction): x - mean is a sum of terms up to the largest |x| of its group.
  grad({ inputs: [x], attrs, gradOut, u }) {
    const { group, length } = groupsFor(x, attrs);
    const peaks = groupPeaks(x.data, group, gradOut.data.length);
    const divisor = length - numberOf(attrs, "correction");
    return x.data.map((_, i) => (u * Math.SQRT2 * 2 * Math.abs(gradOut.data[group[i]]) * peaks[group[i]]) / divisor);
  },
};

const varianceRows: readonly Row[] = [
  row("variance", "population", (d) => ({
    inputs: [d.uniform([5, 17])],
    attrs: { axes: [1], keepdim: false, correction: 0 },
  })),
  row("variance", "far from 0", (d) => ({
    inputs: [d.uniform([5, 17], 99, 101)],
    attrs: { axes: [0], keepdim: true, correction: 1 },
  })),
];

export const op: OpTest = {
  name: "variance",
  call: ([x], a) => T.variance(x, a.axes, { keepDims: a.keepdim, correction: a.correction }),
  reference,
  samples: reduceTable(
    "variance",
    (d, s) => d.uniform(s),
    { correction: 1 },
    { extra: noneLeft, rows: varianceRows, least: 2 },
  ),
  tolerance,
};
