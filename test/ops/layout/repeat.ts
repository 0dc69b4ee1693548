import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { numbersOf, sizeOf } from "../common/ref.ts";
import { type Mover, moveBy, moving } from "../common/reference/layout.ts";
import { refused, row, type SampleTable, show } from "../common/sample.ts";
import { copied } from "../common/tolerance/indexing.ts";
import type { GradSituation } from "../common/tolerance.ts";

type Shape = readonly number[];

const repeat: Mover = ([x], attrs) => {
  const repeats = numbersOf(attrs, "repeats");
  const lead = repeats.length - x.length;
  return moveBy(
    repeats.map((r, d) => r * (x[d - lead] ?? 1)),
    [x],
    (index) => ({ input: 0, at: x.map((n, d) => index[d + lead] % n) }),
  );
};

const repeated = ({ inputs: [x], gradOut }: GradSituation): Int32Array => {
  const lead = gradOut.shape.length - x.shape.length;
  const at = new Int32Array(gradOut.data.length);
  const rest = gradOut.shape.map((_, d) => sizeOf(gradOut.shape.slice(d + 1)));
  for (let i = 0; i < at.length; i++)
    at[i] = x.shape.reduce((sum, n, d) => {
      const index = Math.floor(i / rest[d + lead]) % gradOut.shape[d + lead];
      return sum * n + (index % n);
    }, 0);
  return at;
};

const repeats: readonly (readonly [Shape, readonly number[]])[] = [
  [[], []],
  [[], [3]],
  [[1], [1]],
  [[1], [7]],
  [[7], [3]],
  [[7], [2, 3]],
  [
    [3, 5],
    [1, 2],
  ],
  [
    [3, 5],
    [2, 1],
  ],
  [
    [3, 5],
    [2, 3],
  ],
  [
    [3, 5],
    [2, 1, 3],
  ],
  [
    [1, 13],
    [5, 1],
  ],
  [
    [13, 1],
    [1, 5],
  ],
  [
    [2, 3, 5],
    [1, 3, 1],
  ],
  [
    [2, 3, 5],
    [2, 1, 2],
  ],
  [
    [2, 3, 4, 5],
    [1, 2, 3, 1],
  ],
  [
    [2, 3, 4, 5],
    [2, 2, 2, 2],
  ],
  [
    [2, 3, 2, 3, 2],
    [2, 2, 3, 1, 2],
  ],
  [
    [2, 3, 2, 3, 2],
    [2, 2, 2, 2, 2],
  ],
  [
    [1, 1, 11, 13],
    [1, 3, 1, 1],
  ],
  [[523], [5]],
  [
    [67, 71],
    [3, 2],
  ],
  [
    [2, 3],
    [0, 2],
  ],
  [
    [0, 3],
    [2, 2],
  ],
];

const samples: SampleTable = {
  rows: repeats.map(([x, r]) =>
    row("repeat", `${show(x)} by ${show(r)}`, (d) => ({ inputs: [d.uniform(x)], attrs: { repeats: r } })),
  ),
  errors: [
    refused("too few repeats", [[2, 3]], { repeats: [2] }, "repeat", "[2]", "[2, 3]"),
    refused("a negative one", [[2, 3]], { repeats: [2, -1] }, "-1"),
  ],
};

export const op: OpTest = {
  name: "repeat",
  call: ([x], a) => T.repeat(x, a.repeats),
  reference: moving(repeat),
  samples,
  tolerance: copied(repeated),
};
