import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { axisOf } from "../common/reference/indexing.ts";
import { type Mover, moveBy, moving } from "../common/reference/layout.ts";
import { anyShapes, refused, row, type SampleTable, show } from "../common/sample.ts";
import { exact } from "../common/tolerance/pointwise.ts";

const stack: Mover = (shapes, attrs) => {
  const [x] = shapes;
  const axis = axisOf(attrs, x.length + 1);
  return moveBy([...x.slice(0, axis), shapes.length, ...x.slice(axis)], shapes, (index) => ({
    input: index[axis],
    at: index.filter((_, d) => d !== axis),
  }));
};

const samples: SampleTable = {
  rows: anyShapes.map((s, i) => {
    const axis = [0, s.length, -1, -s.length - 1][i % 4];
    const n = 1 + (i % 4);
    return row("stack", `${n} of ${show(s)} at ${axis}`, (d) => ({
      inputs: Array.from({ length: n }, () => d.uniform(s)),
      attrs: { axis },
    }));
  }),
  errors: [
    refused(
      "shapes differ",
      [
        [2, 3],
        [3, 2],
      ],
      { axis: 0 },
      "stack",
      "[2, 3]",
      "[3, 2]",
    ),
    refused(
      "no such axis",
      [
        [2, 3],
        [2, 3],
      ],
      { axis: 3 },
      "3",
    ),
  ],
};

export const op: OpTest = {
  name: "stack",
  call: (xs, a) => T.stack(xs, a.axis),
  reference: moving(stack),
  samples,
  tolerance: exact,
};
