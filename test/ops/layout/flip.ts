import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { normalAxes, numbersOf } from "../common/ref.ts";
import { type Mover, moveBy, moving } from "../common/reference/layout.ts";
import { refused, row, type SampleTable, show } from "../common/sample.ts";
import { shapes, some } from "../common/samples/rearrange.ts";
import { exact } from "../common/tolerance/pointwise.ts";

const flip: Mover = ([x], attrs) => {
  const axes = normalAxes(numbersOf(attrs, "axes"), x.length);
  return moveBy(x, [x], (index) => ({ input: 0, at: index.map((i, d) => (axes.includes(d) ? x[d] - 1 - i : i)) }));
};

const samples: SampleTable = {
  rows: shapes.map((s, i) =>
    row("flip", `${show(s)} ${some(s, i)}`, (d) => ({ inputs: [d.uniform(s)], attrs: { axes: some(s, i) } })),
  ),
  errors: [
    refused("no such axis", [[2, 3]], { axes: [2] }, "flip", "2"),
    refused("an axis twice", [[2, 3]], { axes: [0, -2] }, "twice"),
  ],
};

export const op: OpTest = {
  name: "flip",
  call: ([x], a) => T.flip(x, a.axes),
  reference: moving(flip),
  samples,
  tolerance: exact,
};
