import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { numberOf } from "../common/ref.ts";
import { type Mover, moveBy, moving } from "../common/reference/layout.ts";
import { refused, row, show } from "../common/sample.ts";
import { exact } from "../common/tolerance/pointwise.ts";

type Shape = readonly number[];

const concat: Mover = (shapes, attrs) => {
  const axis = numberOf(attrs, "axis");
  const along = shapes.map((s) => s[axis]);
  const shape = shapes[0].map((n, i) => (i === axis ? along.reduce((a, b) => a + b, 0) : n));
  return moveBy(shape, shapes, (index) => {
    const at = [...index];
    let input = 0;
    while (at[axis] >= along[input]) at[axis] -= along[input++];
    return { input, at };
  });
};

const concats: readonly (readonly [Shape, readonly number[], number])[] = [
  [[1], [1, 1], 0],
  [[7], [3, 4], 0],
  [[7], [1, 2, 3], 0],
  [[3, 5], [1, 2], 0],
  [[3, 5], [4, 1], 1],
  [[3, 5], [2, 3, 1, 7], 1],
  [[1, 13], [1, 1], 0],
  [[13, 1], [1, 5], 1],
  [[2, 3, 5], [2, 1], 0],
  [[2, 3, 5], [2, 5], 1],
  [[2, 3, 5], [3, 3], 2],
  [[2, 3, 4, 5], [3, 2], 1],
  [[1, 1, 11, 13], [1, 3], 1],
  [[3, 4, 7, 2], [4, 1, 2], 1],
  [[2, 3, 4, 5], [2, 1], 2],
  [[2, 3, 4, 5], [5, 2], 3],
  [[2, 3, 2, 3, 2], [1, 2], 3],
  [[67, 71], [67, 2], 0],
  [[67, 71], [71, 2], 1],
  [[2, 8, 67, 61], [8, 5], 1],
  [[3, 5], [0, 2], 0],
  [[0, 5], [2, 3], 1],
];

export const op: OpTest = {
  name: "concat",
  call: (xs, a) => T.concat(xs, a.axis),
  reference: moving(concat),
  samples: {
    rows: concats.map(([shape, along, axis]) =>
      row("concat", `${show(shape)} along ${axis}: ${show(along)}`, (d) => ({
        inputs: along.map((n) => d.uniform(shape.map((m, i) => (i === axis ? n : m)))),
        attrs: { axis },
      })),
    ),
    errors: [
      refused(
        "another axis differs",
        [
          [2, 3],
          [2, 4],
        ],
        { axis: 0 },
        "3",
        "4",
      ),
      refused(
        "ranks differ",
        [
          [2, 3],
          [2, 3, 1],
        ],
        { axis: 0 },
        "2",
        "3",
      ),
      refused(
        "no such axis",
        [
          [2, 3],
          [2, 3],
        ],
        { axis: 2 },
        "2",
      ),
    ],
  },
  tolerance: exact,
};
