/** Samples of resampling lines, images and volumes. */
import { ConfigError } from "../../../../src/errors.ts";
import { refused, row, type SampleTable, show } from "../sample.ts";

export type Sizes = readonly (readonly [x: readonly number[], size: readonly number[]])[];

export const volumes: Sizes = [
  [
    [1, 1, 1, 1, 1],
    [1, 1, 1],
  ],
  [
    [1, 1, 1, 1, 1],
    [2, 3, 4],
  ],
  [
    [1, 1, 2, 3, 4],
    [1, 1, 1],
  ],
  [
    [2, 3, 2, 3, 4],
    [4, 6, 8],
  ],
  [
    [1, 2, 3, 5, 4],
    [3, 5, 4],
  ],
  [
    [1, 2, 3, 5, 4],
    [3, 5, 9],
  ],
  [
    [1, 2, 3, 5, 4],
    [3, 11, 4],
  ],
  [
    [1, 2, 3, 5, 4],
    [7, 5, 4],
  ],
  [
    [1, 2, 7, 3, 5],
    [2, 6, 5],
  ],
  [
    [3, 1, 5, 7, 2],
    [9, 3, 5],
  ],
  [
    [1, 1, 1, 6, 5],
    [4, 3, 11],
  ],
  [
    [1, 1, 6, 1, 5],
    [3, 4, 11],
  ],
  [
    [1, 1, 6, 5, 1],
    [11, 3, 4],
  ],
  [
    [1, 2, 8, 8, 8],
    [4, 4, 4],
  ],
  [
    [1, 1, 13, 11, 17],
    [5, 4, 6],
  ],
  [
    [2, 1, 3, 4, 2],
    [12, 16, 8],
  ],
  [
    [1, 3, 9, 7, 11],
    [17, 15, 13],
  ],
  [
    [2, 2, 8, 10, 12],
    [16, 20, 24],
  ],
  [
    [1, 1, 2, 3, 71],
    [3, 2, 130],
  ],
  [
    [0, 1, 2, 2, 2],
    [4, 4, 4],
  ],
];

export const lines: Sizes = [
  [[1, 1, 1], [1]],
  [[1, 1, 1], [5]],
  [[2, 3, 7], [1]],
  [[2, 3, 4], [8]],
  [[1, 2, 5], [13]],
  [[3, 1, 13], [6]],
  [[1, 4, 11], [11]],
  [[2, 5, 67], [131]],
  [[1, 1, 300], [77]],
  [[4, 7, 64], [128]],
  [[0, 2, 4], [8]],
];

export function resampleTable(op: string, list: Sizes): SampleTable {
  const corners = op.includes("nearest") ? [undefined] : [false, true];
  const axes = list[0][0].length - 2;
  const two = new Array<number>(axes).fill(2);
  return {
    rows: corners.flatMap((align_corners) =>
      list.map(([x, size]) => {
        const attrs = { size, ...(align_corners === undefined ? {} : { align_corners }) };
        return row(op, `${show(x)} ${JSON.stringify(attrs)}`, (d) => ({ inputs: [d.uniform(x)], attrs }));
      }),
    ),
    errors: [
      refused("no batch axis", [[1, ...two]], { size: two, align_corners: false }, op, "[N, C,"),
      refused("nothing inside", [[1, 2, ...two.slice(1), 0]], { size: two, align_corners: false }, op, "W=0"),
      {
        ...refused("a size of 0", [[1, 1, ...two]], { size: two.map(() => 0) }, op, "size", "at least 1"),
        errorClass: ConfigError,
      },
    ],
  };
}
