import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { numbersOf } from "../common/ref.ts";
import { type Mover, moveBy, moving } from "../common/reference/layout.ts";
import { refused, show } from "../common/sample.ts";
import { oneInput } from "../common/samples/layout.ts";
import { exact } from "../common/tolerance/pointwise.ts";

type Shape = readonly number[];

const permute: Mover = ([x], attrs) => {
  const perm = numbersOf(attrs, "perm");
  const at = new Array<number>(x.length);
  return moveBy(
    perm.map((axis) => x[axis]),
    [x],
    (index) => {
      perm.forEach((axis, i) => {
        at[axis] = index[i];
      });
      return { input: 0, at };
    },
  );
};

const perms: readonly (readonly [Shape, Shape])[] = [
  [[7], [0]],
  [
    [1, 1],
    [1, 0],
  ],
  [
    [3, 5],
    [0, 1],
  ],
  [
    [3, 5],
    [1, 0],
  ],
  [
    [1, 13],
    [1, 0],
  ],
  [
    [2, 3, 5],
    [0, 2, 1],
  ],
  [
    [2, 3, 5],
    [2, 1, 0],
  ],
  [
    [2, 3, 5],
    [1, 2, 0],
  ],
  [
    [2, 3, 5],
    [2, 0, 1],
  ],
  [
    [2, 3, 4, 5],
    [0, 2, 3, 1],
  ],
  [
    [2, 3, 4, 5],
    [0, 3, 1, 2],
  ],
  [
    [2, 3, 4, 5],
    [3, 2, 1, 0],
  ],
  [
    [1, 3, 7, 2],
    [1, 0, 3, 2],
  ],
  [
    [3, 1, 1, 11],
    [2, 3, 0, 1],
  ],
  [
    [2, 3, 2, 3, 2],
    [4, 0, 3, 1, 2],
  ],
  [
    [67, 71],
    [1, 0],
  ],
  [
    [17, 31, 5],
    [1, 0, 2],
  ],
  [
    [3, 523],
    [1, 0],
  ],
  [
    [5, 101, 131],
    [2, 0, 1],
  ],
  [
    [0, 3],
    [1, 0],
  ],
  [
    [1, 1, 19, 23],
    [0, 1, 3, 2],
  ],
];

export const op: OpTest = {
  name: "permute",
  call: ([x], a) => T.permute(x, a.perm),
  reference: moving(permute),
  samples: {
    rows: perms.map(([shape, perm]) => oneInput("permute", `${show(shape)} by ${show(perm)}`, shape, { perm })),
    errors: [
      refused("too few axes", [[2, 3, 4]], { perm: [1, 0] }, "1", "0"),
      refused("an axis twice", [[2, 3]], { perm: [1, 1] }, "1"),
      refused("no such axis", [[2, 3]], { perm: [0, 2] }, "2"),
    ],
  },
  tolerance: exact,
};
