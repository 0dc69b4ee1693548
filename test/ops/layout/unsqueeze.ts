import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { axisOf } from "../common/reference/indexing.ts";
import { type Mover, moveBy, moving } from "../common/reference/layout.ts";
import { anyShapes, refused, row, type SampleTable, show } from "../common/sample.ts";
import { exact } from "../common/tolerance/pointwise.ts";

const unsqueeze: Mover = ([x], attrs) => {
  const axis = axisOf(attrs, x.length + 1);
  return moveBy([...x.slice(0, axis), 1, ...x.slice(axis)], [x], (index) => ({
    input: 0,
    at: index.filter((_, d) => d !== axis),
  }));
};

const samples: SampleTable = {
  rows: anyShapes.map((s, i) => {
    const axis = [0, s.length, -1, -s.length - 1][i % 4];
    return row("unsqueeze", `${show(s)} at ${axis}`, (d) => ({ inputs: [d.uniform(s)], attrs: { axis } }));
  }),
  errors: [refused("no such axis", [[2, 3]], { axis: 3 }, "unsqueeze", "3")],
};

export const op: OpTest = {
  name: "unsqueeze",
  call: ([x], a) => T.unsqueeze(x, a.axis),
  reference: moving(unsqueeze),
  samples,
  tolerance: exact,
};
