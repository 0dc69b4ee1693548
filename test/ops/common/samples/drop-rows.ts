/** Samples of channel dropout and stochastic depth. */
import { refused, row, type SampleTable, show } from "../sample.ts";

const shapes: readonly (readonly number[])[] = [
  [1, 1],
  [2, 7],
  [257, 3],
  [13, 1],
  [2, 3, 5],
  [1, 4, 13],
  [3, 1, 257],
  [1, 1, 2, 3],
  [2, 3, 4, 5],
  [1, 5, 7, 11],
  [3, 1, 13, 2],
  [2, 17, 1, 3],
  [4, 8, 8, 8],
  [7, 13, 3, 5],
  [1, 3, 31, 37],
  [2, 2, 67, 61],
  [1, 1, 257, 129],
  [2, 3, 3, 5, 7],
  [131, 5, 2, 1],
  [0, 3, 2, 2],
  [2, 0, 3],
];

export const dropRowsTable = (op: string): SampleTable => ({
  rows: shapes.map((shape, i) => {
    const attrs = { p: [0.5, 0.25, 0.9, 0.1][i % 4], key: [0x9e3779b9 + i, 0xfffffff1 - i] };
    return row(op, `${show(shape)} p ${attrs.p}`, (d) => ({ inputs: [d.signed(shape, 0.1, 2)], attrs }));
  }),
  errors: [refused("no dimensions", [[]], { p: 0.5, key: [1, 2] }, `${op}: x is []`, "[N")],
});
