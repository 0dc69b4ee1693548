import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { full, type Reference, zeros } from "../common/ref.ts";
import { groupsFor } from "../common/reference/reduce.ts";
import { type Draws, row } from "../common/sample.ts";
import { type Case, reduceTable } from "../common/samples/reduce.ts";
import type { ToleranceRule } from "../common/tolerance.ts";

/** The gradient of an entry is the product of all others, one by one. */
const reference: Reference = {
  forward([x], attrs) {
    const { shape, group } = groupsFor(x, attrs);
    const out = full(shape, 1);
    x.data.forEach((v, i) => {
      out.data[group[i]] *= v;
    });
    return out;
  },
  backward([x], attrs, gradOut) {
    const { shape, group } = groupsFor(x, attrs);
    const gx = zeros(x.shape);
    const places = Array.from(full(shape, 1).data, () => [] as number[]);
    group.forEach((at, i) => {
      places[at].push(i);
    });
    places.forEach((list, at) => {
      const behind = new Float64Array(list.length + 1).fill(1);
      for (let k = list.length - 1; k >= 0; k--) behind[k] = behind[k + 1] * x.data[list[k]];
      let before = gradOut.data[at];
      list.forEach((i, k) => {
        gx.data[i] = before * behind[k + 1];
        before *= x.data[i];
      });
    });
    return [gx];
  },
};

/** A product of K: each step a part of it, so u sqrt(K) of itself. */
const tolerance: ToleranceRule = {
  forward: ({ inputs: [x], attrs, want, u }) =>
    want.data.map((v) => u * Math.sqrt(groupsFor(x, attrs).length) * Math.abs(v)),
  grad: ({ inputs: [x], attrs, want, u }) =>
    want.data.map((v) => u * Math.sqrt(groupsFor(x, attrs).length) * Math.abs(v)),
};

/** Near 1, so that long products stay in float32. */
const near = (d: Draws, s: readonly number[]) => d.signed(s, 0.93, 1.07);

/** Rows [4, length] with no zero, one, two, and one at the end. */
const holes = (length: number) => (d: Draws) => ({
  inputs: [
    d.fill([4, length], (r, i) => {
      const [line, at] = [Math.floor(i / length), i % length];
      const zero =
        (line === 1 && at === 2) || (line === 2 && (at === 0 || at === 3)) || (line === 3 && at === length - 1);
      return zero ? 0 : r.uniform(0.95, 1.05);
    }),
  ],
  attrs: { axes: [1], keepdim: false },
});

const empty: readonly Case[] = [
  [[0, 3], [1]],
  [[0, 3], [0]],
];

export const op: OpTest = {
  name: "prod",
  call: ([x], a) => T.prod(x, a.axes, { keepDims: a.keepdim }),
  reference,
  samples: reduceTable(
    "prod",
    near,
    {},
    {
      extra: empty,
      rows: [
        row("prod", "zeros", holes(5)),
        row("prod", "zeros in long rows", holes(4099)),
        row("prod", "zeros anywhere", (d) => ({ inputs: [d.ties([3, 4, 5])], attrs: { axes: [0, 2], keepdim: true } })),
        row("prod", "nothing but zeros", () => ({ inputs: [zeros([3, 2])], attrs: { axes: [1], keepdim: false } })),
      ],
    },
  ),
  tolerance,
};
