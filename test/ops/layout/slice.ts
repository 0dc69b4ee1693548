import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { numbersOf } from "../common/ref.ts";
import { type Mover, moveBy, moving } from "../common/reference/layout.ts";
import { refused, show } from "../common/sample.ts";
import { oneInput } from "../common/samples/layout.ts";
import { exact } from "../common/tolerance/pointwise.ts";

type Shape = readonly number[];

/** starts inclusive, ends exclusive, one of each for every axis. */
const slice: Mover = ([x], attrs) => {
  const starts = numbersOf(attrs, "starts");
  const ends = numbersOf(attrs, "ends");
  return moveBy(
    starts.map((s, axis) => ends[axis] - s),
    [x],
    (index) => ({ input: 0, at: index.map((i, axis) => i + starts[axis]) }),
  );
};

const slices: readonly (readonly [Shape, Shape, Shape])[] = [
  [[1], [0], [1]],
  [[7], [0], [7]],
  [[7], [2], [5]],
  [[7], [6], [7]],
  [
    [3, 5],
    [0, 0],
    [3, 5],
  ],
  [
    [3, 5],
    [1, 0],
    [2, 5],
  ],
  [
    [3, 5],
    [0, 2],
    [3, 4],
  ],
  [
    [3, 5],
    [1, 1],
    [3, 4],
  ],
  [
    [1, 13],
    [0, 3],
    [1, 11],
  ],
  [
    [2, 3, 5],
    [1, 0, 2],
    [2, 2, 5],
  ],
  [
    [4, 1, 7],
    [1, 0, 0],
    [3, 1, 6],
  ],
  [
    [2, 3, 4, 5],
    [0, 1, 0, 0],
    [2, 2, 4, 5],
  ],
  [
    [2, 3, 4, 5],
    [0, 0, 1, 1],
    [2, 3, 3, 4],
  ],
  [
    [1, 1, 11, 13],
    [0, 0, 2, 3],
    [1, 1, 10, 12],
  ],
  [
    [2, 3, 2, 3, 2],
    [1, 1, 0, 1, 0],
    [2, 3, 1, 3, 2],
  ],
  [[523], [7], [520]],
  [
    [67, 71],
    [5, 1],
    [61, 70],
  ],
  [
    [5, 101, 131],
    [1, 3, 2],
    [4, 100, 131],
  ],
  [
    [3, 5],
    [1, 2],
    [1, 4],
  ],
  [
    [3, 5],
    [3, 0],
    [3, 5],
  ],
  [
    [0, 5],
    [0, 1],
    [0, 3],
  ],
  [[65_537], [1], [65_536]],
];

export const op: OpTest = {
  name: "slice",
  call: ([x], a) => T.slice(x, a.starts, a.ends),
  reference: moving(slice),
  samples: {
    rows: slices.map(([shape, starts, ends]) =>
      oneInput("slice", `${show(shape)} from ${show(starts)} to ${show(ends)}`, shape, { starts, ends }),
    ),
    errors: [
      refused("end beyond the axis", [[2, 3]], { starts: [0, 0], ends: [2, 4] }, "4", "3"),
      refused("end before start", [[2, 3]], { starts: [0, 2], ends: [2, 1] }, "2", "1"),
      refused("too many axes", [[2, 3]], { starts: [0, 0, 0], ends: [1] }, "starts is [0,0,0]", "at most 2"),
      refused("before the first", [[2, 3]], { starts: [-3], ends: [1] }, "-1 to 1", "dimension 0"),
    ],
  },
  tolerance: exact,
};
