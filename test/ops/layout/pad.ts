import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { type Mover, moveBy, moving, padsOf } from "../common/reference/layout.ts";
import { refused, show } from "../common/sample.ts";
import { oneInput } from "../common/samples/layout.ts";
import { exact } from "../common/tolerance/pointwise.ts";

type Shape = readonly number[];

const pad: Mover = ([x], attrs) => {
  const pads = padsOf(attrs);
  return moveBy(
    x.map((n, axis) => n + pads[axis][0] + pads[axis][1]),
    [x],
    (index) => {
      const at = index.map((i, axis) => i - pads[axis][0]);
      return at.every((i, axis) => i >= 0 && i < x[axis]) ? { input: 0, at } : undefined;
    },
  );
};

const pads: readonly (readonly [Shape, readonly (readonly [number, number])[], number])[] = [
  [[1], [[0, 0]], 0],
  [[1], [[1, 2]], 0],
  [[7], [[3, 0]], 0],
  [[7], [[0, 3]], -1.5],
  [
    [3, 5],
    [
      [1, 1],
      [1, 1],
    ],
    0,
  ],
  [
    [3, 5],
    [
      [0, 2],
      [1, 0],
    ],
    2.25,
  ],
  [
    [1, 13],
    [
      [2, 0],
      [0, 0],
    ],
    0,
  ],
  [
    [13, 1],
    [
      [0, 0],
      [5, 6],
    ],
    0,
  ],
  [
    [2, 3, 5],
    [
      [0, 0],
      [1, 2],
      [0, 0],
    ],
    0,
  ],
  [
    [2, 3, 5],
    [
      [1, 0],
      [0, 1],
      [2, 2],
    ],
    1,
  ],
  [
    [2, 3, 4, 5],
    [
      [0, 0],
      [0, 0],
      [1, 1],
      [1, 1],
    ],
    0,
  ],
  [
    [2, 3, 4, 5],
    [
      [0, 0],
      [0, 0],
      [0, 1],
      [2, 3],
    ],
    0,
  ],
  [
    [2, 3, 4, 5],
    [
      [0, 0],
      [0, 1],
      [0, 0],
      [0, 0],
    ],
    0,
  ],
  [
    [1, 1, 11, 13],
    [
      [0, 0],
      [0, 0],
      [3, 1],
      [0, 2],
    ],
    -0.5,
  ],
  [
    [2, 3, 2, 3, 2],
    [
      [0, 1],
      [1, 0],
      [0, 1],
      [1, 0],
      [0, 1],
    ],
    0,
  ],
  [[257], [[1, 1]], 0],
  [
    [67, 71],
    [
      [3, 2],
      [1, 4],
    ],
    0,
  ],
  [
    [5, 101, 131],
    [
      [0, 0],
      [1, 2],
      [3, 4],
    ],
    0,
  ],
  [
    [3, 17, 1, 19],
    [
      [0, 0],
      [0, 0],
      [7, 7],
      [0, 0],
    ],
    0,
  ],
  [
    [0, 3],
    [
      [1, 1],
      [0, 0],
    ],
    4,
  ],
  [
    [2, 0, 2],
    [
      [0, 0],
      [0, 0],
      [1, 1],
    ],
    0,
  ],
];

export const op: OpTest = {
  name: "pad",
  call: ([x], a) => T.pad(x, a.pads, { value: a.value }),
  reference: moving(pad),
  samples: {
    rows: pads.map(([shape, sides, value]) =>
      oneInput("pad", `${show(shape)} by ${sides.map(show)} with ${value}`, shape, { pads: sides, value }),
    ),
    errors: [refused("too few axes", [[2, 3]], { pads: [[1, 1]], value: 0 }, "2", "1")],
  },
  tolerance: exact,
};
