import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { normalAxes, numbersOf } from "../common/ref.ts";
import { type Mover, moveBy, moving } from "../common/reference/layout.ts";
import { refused, row, type SampleTable, show } from "../common/sample.ts";
import { exact } from "../common/tolerance/pointwise.ts";

type Shape = readonly number[];

/** Without `axes`, all dimensions of size 1 go. */
const squeeze: Mover = ([x], attrs) => {
  const axes = attrs.axes === undefined ? x.map((_, d) => d) : normalAxes(numbersOf(attrs, "axes"), x.length);
  const kept = x.map((_, d) => d).filter((d) => x[d] !== 1 || !axes.includes(d));
  return moveBy(
    kept.map((d) => x[d]),
    [x],
    (index) => ({ input: 0, at: x.map((_, d) => (kept.includes(d) ? index[kept.indexOf(d)] : 0)) }),
  );
};

const squeezes: readonly (readonly [s: Shape, axes?: readonly number[]])[] = [
  [[]],
  [[1]],
  [[1], [0]],
  [[7]],
  [[1, 13]],
  [[1, 13], [0]],
  [[13, 1], [-1]],
  [[1, 1], [1]],
  [[1, 1]],
  [[2, 1, 5]],
  [[2, 1, 5], [1]],
  [[2, 3, 5]],
  [[2, 3, 5], []],
  [[1, 1, 1, 1]],
  [
    [1, 1, 1, 1],
    [0, -1],
  ],
  [[1, 3, 4, 1], [0]],
  [[3, 1, 7, 2], [1]],
  [[2, 1, 2, 1, 2]],
  [[2, 1, 2, 1, 2], [-2]],
  [[4, 1, 131], [1]],
  [[1, 1031]],
  [[1, 0]],
];

const samples: SampleTable = {
  rows: squeezes.map(([s, axes]) =>
    row("squeeze", `${show(s)} ${axes ? show(axes) : "all"}`, (d) => ({
      inputs: [d.uniform(s)],
      attrs: axes ? { axes } : {},
    })),
  ),
  errors: [refused("not of size 1", [[2, 1]], { axes: [0] }, "squeeze", "dimension 0", "2")],
};

export const op: OpTest = {
  name: "squeeze",
  call: ([x], a) => T.squeeze(x, a.axes),
  reference: moving(squeeze),
  samples,
  tolerance: exact,
};
