/** theta [N, 2, 3]; attrs { size: [h, w], align_corners }. */
import { ConfigError } from "../../../src/errors.ts";
import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { type Attrs, numbersOf, type Ref, type Reference, zeros } from "../common/ref.ts";
import { refused, row, type SampleTable } from "../common/sample.ts";
import { peak } from "../common/tolerance/sums.ts";
import type { ToleranceRule } from "../common/tolerance.ts";

/** -1 to 1 over the pixels' middles, or over their edges; a side of one pixel is at 0. */
const baseOf = (i: number, size: number, corners: boolean): number =>
  size === 1 ? 0 : ((2 * i) / (size - 1) - 1) * (corners ? 1 : (size - 1) / size);

function eachAffine(
  theta: Ref,
  attrs: Attrs,
  visit: (row: number, out: number, base: readonly [number, number, number]) => void,
): void {
  const [h, w] = numbersOf(attrs, "size");
  const corners = attrs.align_corners === true;
  let out = 0;
  for (let i = 0; i < theta.shape[0]; i++)
    for (let y = 0; y < h; y++)
      for (let x = 0; x < w; x++)
        for (let row = 0; row < 2; row++)
          visit(6 * i + 3 * row, out++, [baseOf(x, w, corners), baseOf(y, h, corners), 1]);
}

const reference: Reference = {
  forward([theta], attrs) {
    const out = zeros([theta.shape[0], ...numbersOf(attrs, "size"), 2]);
    eachAffine(theta, attrs, (row, at, base) => {
      out.data[at] = base.reduce((sum, b, j) => sum + b * theta.data[row + j], 0);
    });
    return out;
  },
  backward([theta], attrs, gradOut) {
    const gt = zeros(theta.shape);
    eachAffine(theta, attrs, (row, at, base) => {
      for (const [j, b] of base.entries()) gt.data[row + j] += gradOut.data[at] * b;
    });
    return [gt];
  },
};

const tolerance: ToleranceRule = {
  // Three products, with coordinates up to 1.
  forward: ({ inputs: [theta], u }) => u * Math.sqrt(3) * peak(theta),
  grad({ attrs, gradOut, u }) {
    const [h, w] = numbersOf(attrs, "size");
    return u * Math.sqrt(h * w) * peak(gradOut);
  },
};

const grids: readonly (readonly [n: number, size: readonly number[]])[] = [
  [1, [1, 1]],
  [1, [1, 5]],
  [2, [5, 1]],
  [3, [2, 3]],
  [1, [7, 11]],
  [5, [13, 8]],
  [1, [64, 64]],
  [2, [67, 131]],
  [4, [31, 3]],
  [0, [3, 4]],
];

const samples: SampleTable = {
  rows: [false, true].flatMap((align_corners) =>
    grids.map(([n, size]) => {
      const attrs = { size, align_corners };
      return row("affine_grid", `${n} of ${JSON.stringify(attrs)}`, (d) => ({ inputs: [d.uniform([n, 2, 3])], attrs }));
    }),
  ),
  errors: [
    refused("a matrix of 3 x 3", [[1, 3, 3]], { size: [4, 4], align_corners: false }, "affine_grid", "[N, 2, 3]"),
    {
      ...refused(
        "a size of 0",
        [[1, 2, 3]],
        { size: [0, 4], align_corners: false },
        "affine_grid",
        "size",
        "at least 1",
      ),
      errorClass: ConfigError,
    },
  ],
};

export const op: OpTest = {
  name: "affine_grid",
  call: ([x], a) => T.affineGrid(x, { size: a.size, alignCorners: a.align_corners }),
  reference,
  samples,
  tolerance,
};
