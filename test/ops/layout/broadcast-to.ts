import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { broadcastMap, numbersOf } from "../common/ref.ts";
import { type Mover, moveBy, moving } from "../common/reference/layout.ts";
import { refused, row, type SampleTable, show } from "../common/sample.ts";
import { copied } from "../common/tolerance/indexing.ts";

type Shape = readonly number[];

const broadcastTo: Mover = ([x], attrs) => {
  const shape = numbersOf(attrs, "shape");
  return moveBy(shape, [x], (index) => ({
    input: 0,
    at: x.map((n, d) => (n === 1 ? 0 : index[d + shape.length - x.length])),
  }));
};

const broadcasts: readonly (readonly [Shape, Shape])[] = [
  [[], []],
  [[], [1]],
  [[], [7]],
  [[1], [257]],
  [[7], [7]],
  [[7], [3, 7]],
  [
    [3, 1],
    [3, 5],
  ],
  [
    [1, 5],
    [3, 5],
  ],
  [
    [1, 1],
    [13, 11],
  ],
  [[5], [2, 3, 5]],
  [
    [3, 1],
    [2, 3, 5],
  ],
  [
    [2, 1, 1],
    [2, 3, 5],
  ],
  [
    [1, 3, 1, 1],
    [2, 3, 4, 5],
  ],
  [
    [2, 1, 4, 1],
    [2, 3, 4, 5],
  ],
  [
    [1, 1, 11, 1],
    [3, 1, 11, 13],
  ],
  [
    [2, 1, 2, 1, 2],
    [2, 3, 2, 3, 2],
  ],
  [
    [1, 1, 1, 1, 1],
    [2, 1, 2, 3, 2],
  ],
  [
    [67, 1],
    [67, 1031],
  ],
  [[1031], [67, 1031]],
  [
    [1, 129, 1],
    [4, 129, 131],
  ],
  [
    [1, 3],
    [0, 3],
  ],
  [[1], [2, 0]],
];

const samples: SampleTable = {
  rows: broadcasts.map(([x, shape]) =>
    row("broadcast_to", `${show(x)} to ${show(shape)}`, (d) => ({ inputs: [d.uniform(x)], attrs: { shape } })),
  ),
  errors: [
    refused("sizes that differ", [[2, 3]], { shape: [4, 3] }, "broadcast_to", "[2, 3]", "[4, 3]"),
    refused("fewer dimensions", [[2, 3]], { shape: [3] }, "[2, 3]", "[3]"),
    refused("a size that x has and the shape has not", [[3]], { shape: [1] }, "[3]", "[1]"),
  ],
};

export const op: OpTest = {
  name: "broadcast_to",
  call: ([x], a) => T.broadcastTo(x, a.shape),
  reference: moving(broadcastTo),
  samples,
  tolerance: copied(({ inputs: [x], gradOut }) => broadcastMap(x.shape, gradOut.shape)),
};
