import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { numbersOf, type Ref, type Reference, ref } from "../common/ref.ts";
import { refused, show } from "../common/sample.ts";
import { oneInput } from "../common/samples/layout.ts";
import { exact } from "../common/tolerance/pointwise.ts";

type Shape = readonly number[];

/** Same values in the same order under another shape; one size may be -1. */
const reference: Reference = {
  forward([x], attrs) {
    const wanted = numbersOf(attrs, "shape");
    const known = wanted.filter((n) => n >= 0).reduce((a, b) => a * b, 1);
    return ref(
      wanted.map((n) => (n === -1 ? x.data.length / known : n)),
      x.data,
    );
  },
  backward: ([x]: readonly Ref[], _attrs, gradOut) => [ref(x.shape, gradOut.data)],
};

const reshapes: readonly (readonly [Shape, Shape])[] = [
  [[], [1]],
  [[1], []],
  [[1], [1, 1, 1]],
  [[7], [7, 1]],
  [[6], [2, 3]],
  [[2, 3], [6]],
  [
    [2, 3],
    [3, 2],
  ],
  [
    [3, 5],
    [5, 3],
  ],
  [
    [2, 3, 4],
    [4, 6],
  ],
  [
    [4, 6],
    [2, 3, 4],
  ],
  [
    [2, 3, 4, 5],
    [2, 3, 20],
  ],
  [
    [2, 3, 4, 5],
    [6, 20],
  ],
  [
    [1, 3, 11, 13],
    [3, 143],
  ],
  [[2, 3, 2, 3, 2], [72]],
  [[257], [1, 257, 1]],
  [[1, 1, 17, 16], [272]],
  [
    [3, 523],
    [523, 3],
  ],
  [[65_537], [1, 65_537]],
  [
    [2, 129, 131],
    [131, 258],
  ],
  [
    [0, 3],
    [3, 0],
  ],
  [[2, 0], [0]],
];

export const op: OpTest = {
  name: "reshape",
  call: ([x], a) => T.reshape(x, a.shape),
  reference,
  samples: {
    rows: reshapes.map(([from, to]) => oneInput("reshape", `${show(from)} to ${show(to)}`, from, { shape: to })),
    errors: [refused("another number of elements", [[2, 3]], { shape: [7] }, "6", "7")],
  },
  tolerance: exact,
};
