import { ShapeError } from "../../../src/errors.ts";
import * as T from "../../../src/tensor/index.ts";
import { deviceOf, type OpTest } from "../common/op-test.ts";
import { numberOf, numberOr, zeros } from "../common/ref.ts";
import { made, makes, refusedMaking } from "../common/samples/create.ts";
import { exact } from "../common/tolerance/pointwise.ts";

const sizes: readonly (readonly [rows: number, columns?: number])[] = [
  [0],
  [1],
  [2],
  [3],
  [7],
  [13],
  [64],
  [67],
  [129],
  [1, 5],
  [5, 1],
  [2, 3],
  [3, 2],
  [3, 3],
  [7, 31],
  [31, 7],
  [1, 257],
  [257, 1],
  [0, 3],
  [3, 0],
  [131, 140],
];

export const op: OpTest = {
  name: "eye",
  call: ([x], a) => T.eye(deviceOf(x), a.rows, a.columns, x.dtype),
  reference: makes((attrs) => {
    const rows = numberOf(attrs, "rows");
    const columns = numberOr(attrs, "columns", rows);
    const out = zeros([rows, columns]);
    for (let i = 0; i < Math.min(rows, columns); i++) out.data[i * columns + i] = 1;
    return out;
  }),
  samples: {
    rows: sizes.map(([rows, columns]) => made("eye", { rows, ...(columns === undefined ? {} : { columns }) })),
    errors: [refusedMaking("half a row", { rows: 2.5 }, ShapeError, "eye", "2.5")],
  },
  creates: true,
  tolerance: exact,
};
