import { ConfigError } from "../../../src/errors.ts";
import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { numberOr } from "../common/ref.ts";
import { type Mover, moveBy, moving } from "../common/reference/layout.ts";
import { refused, row, type SampleTable, show } from "../common/sample.ts";
import { exact } from "../common/tolerance/pointwise.ts";

/** The steps from the main diagonal, to the right and down. */
const diag: Mover = ([x], attrs) => {
  const diagonal = numberOr(attrs, "diagonal", 0);
  const [right, down] = [Math.max(0, diagonal), Math.max(0, -diagonal)];
  if (x.length === 1) {
    const side = x[0] + Math.abs(diagonal);
    return moveBy([side, side], [x], ([row, column]) =>
      column - row === diagonal ? { input: 0, at: [row - down] } : undefined,
    );
  }
  let length = 0;
  while (length + down < x[0] && length + right < x[1]) length++;
  return moveBy([length], [x], ([i]) => ({ input: 0, at: [i + down, i + right] }));
};

const cases: readonly (readonly [shape: readonly number[], diagonal?: number])[] = [
  [[1]],
  [[7]],
  [[7], 1],
  [[7], -2],
  [[1], 3],
  [[64]],
  [[129], -5],
  [[0]],
  [[0], 2],
  [[1, 1]],
  [[3, 3]],
  [[3, 5]],
  [[3, 5], 2],
  [[3, 5], 4],
  [[3, 5], 5],
  [[3, 5], -2],
  [[3, 5], -3],
  [[5, 3], 1],
  [[5, 3], -4],
  [[1, 13], 6],
  [[13, 1], -6],
  [[67, 71]],
  [[523, 511], -3],
  [[0, 3]],
];

const samples: SampleTable = {
  rows: cases.map(([shape, diagonal]) =>
    row("diag", `${show(shape)} ${diagonal}`, (d) => ({
      inputs: [d.uniform(shape)],
      attrs: diagonal === undefined ? {} : { diagonal },
    })),
  ),
  errors: [
    refused("three dimensions", [[2, 3, 4]], {}, "diag", "[2, 3, 4]"),
    refused("a scalar", [[]], {}, "diag", "[]"),
    { ...refused("half a diagonal", [[3]], { diagonal: 0.5 }, "diag", "0.5"), errorClass: ConfigError },
  ],
};

export const op: OpTest = {
  name: "diag",
  call: ([x], a) => T.diag(x, a.diagonal),
  reference: moving(diag),
  samples,
  tolerance: exact,
};
