import { ConfigError } from "../../../src/errors.ts";
import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { type Attrs, type Reference, zeros } from "../common/ref.ts";
import { groupsFor } from "../common/reference/reduce.ts";
import { type Row, refused, row } from "../common/sample.ts";
import { reduceTable } from "../common/samples/reduce.ts";
import type { ToleranceRule } from "../common/tolerance.ts";

/** attrs { p, axes, keepdim }; JSON has no infinity, so p may be "inf" or "-inf". */
const powerOf = ({ p }: Attrs): number =>
  p === "inf" ? Number.POSITIVE_INFINITY : p === "-inf" ? Number.NEGATIVE_INFINITY : Number(p);

const reference: Reference = {
  forward([x], attrs) {
    const p = powerOf(attrs);
    const { shape, group } = groupsFor(x, attrs);
    const out = zeros(shape);
    if (p === Number.NEGATIVE_INFINITY) out.data.fill(Number.POSITIVE_INFINITY);
    x.data.forEach((v, i) => {
      const size = Math.abs(v);
      const so = out.data[group[i]];
      if (Number.isFinite(p)) out.data[group[i]] = so + (p === 0 ? Number(size !== 0) : size ** p);
      else out.data[group[i]] = p > 0 ? Math.max(so, size) : Math.min(so, size);
    });
    if (Number.isFinite(p) && p !== 0)
      out.data.forEach((v, i) => {
        out.data[i] = v ** (1 / p);
      });
    return out;
  },
  // 0 where an entry or the norm is 0; equals share the gradient of an extreme.
  backward([x], attrs, gradOut) {
    const p = powerOf(attrs);
    const { group } = groupsFor(x, attrs);
    const value = reference.forward([x], attrs).data;
    const equals = new Float64Array(value.length);
    x.data.forEach((v, i) => {
      if (Math.abs(v) === value[group[i]]) equals[group[i]]++;
    });
    const gx = zeros(x.shape);
    x.data.forEach((v, i) => {
      const at = group[i];
      if (v === 0 || p === 0 || value[at] === 0) return;
      const slope = Number.isFinite(p)
        ? (Math.abs(v) / value[at]) ** (p - 1)
        : Number(Math.abs(v) === value[at]) / equals[at];
      gx.data[i] = gradOut.data[at] * Math.sign(v) * slope;
    });
    return [gx];
  },
};

/** Powers by products, or by the curve, whose own error the root and the slope multiply. */
const part = (attrs: Attrs, length: number, u: number, t: number): number => {
  const p = Math.abs(powerOf(attrs));
  if (p === Number.POSITIVE_INFINITY || p === 0) return 0;
  return p === 1 || p === 2 ? u * Math.sqrt(length) : t * (1 + Math.max(1, 1 / p)) + (u * Math.sqrt(length)) / p;
};

const tolerance: ToleranceRule = {
  forward: ({ inputs: [x], attrs, want, u, t }) =>
    want.data.map((v) => part(attrs, groupsFor(x, attrs).length, u, t) * Math.abs(v)),
  // A quotient to a power, times g; the norm is off by its own part.
  grad({ inputs: [x], attrs, want, u, t }) {
    const p = powerOf(attrs);
    const off = part(attrs, groupsFor(x, attrs).length, u, t);
    const share = Number.isFinite(p) ? Math.max(1, Math.abs(p - 1)) * off + (p === 1 || p === 2 ? u : t) : u;
    return want.data.map((v) => (p === 1 ? 0 : share * Math.abs(v)));
  },
};

const powers = [2, 1, "inf", 3, 2, 0.5, "-inf", 1.5, 2, -1, 7] as const;

const cases = reduceTable("norm", (d, s) => d.signed(s, 0.1, 2), {}, {}).rows.map(({ name, make }, i): Row => {
  const p = powers[i % powers.length];
  return { name: `${name}, p ${p}`, make: () => ({ inputs: make().inputs, attrs: { ...make().attrs, p } }) };
});

const lines = (name: string, p: number | string, values: (i: number) => number): Row =>
  row(
    "norm",
    `${name}, p ${p}`,
    (d) => ({ inputs: [d.fill([3, 7], (_, i) => values(i))], attrs: { axes: [1], keepdim: false, p } }),
    true,
  );

export const op: OpTest = {
  name: "norm",
  call: ([x], a) => T.norm(x, a.axes, { p: powerOf(a), keepDims: a.keepdim }),
  reference,
  samples: {
    rows: [
      ...cases,
      lines("how many are not 0", 0, (i) => i % 3),
      ...[1, 2, "inf", "-inf", 3, 0.5].map((p) =>
        lines("zeros, and nothing else in a row", p, (i) => (i < 7 ? 0 : (i % 3) - 1)),
      ),
      ...[2, 2.5].map((p) => lines("squares beyond float32", p, (i) => (i + 1) * 1e30)),
      ...[2, 2.5].map((p) => lines("squares below float32", p, (i) => (i + 1) * 1e-30)),
      lines("ties", "inf", (i) => (i % 2 === 0 ? 1 : -1)),
    ],
    errors: [
      refused("no such axis", [[2, 3]], { axes: [2], keepdim: false, p: 2 }, "norm", "2"),
      refused(
        "the largest of nothing",
        [[0, 3]],
        { axes: [0], keepdim: false, p: "inf" },
        "norm",
        "[0, 3]",
        "Infinity",
      ),
      { ...refused("no power", [[3]], { axes: [0], keepdim: false, p: "x" }, "norm", "NaN"), errorClass: ConfigError },
    ],
  },
  tolerance,
};
