/** Samples of adaptive means. */
import { ConfigError } from "../../../../src/errors.ts";
import { refused, row, type SampleTable, show } from "../sample.ts";

export const adaptive2d: readonly (readonly [readonly number[], readonly number[]])[] = [
  [
    [1, 1, 1, 1],
    [1, 1],
  ],
  [
    [1, 1, 1, 1],
    [3, 2],
  ],
  [
    [2, 3, 8, 10],
    [1, 1],
  ],
  [
    [1, 5, 7, 11],
    [1, 1],
  ],
  [
    [1, 1, 61, 67],
    [1, 1],
  ],
  [
    [2, 3, 8, 10],
    [4, 5],
  ],
  [
    [2, 3, 8, 10],
    [3, 4],
  ],
  [
    [1, 2, 7, 11],
    [3, 5],
  ],
  [
    [1, 2, 7, 11],
    [7, 11],
  ],
  [
    [3, 1, 5, 3],
    [7, 2],
  ],
  [
    [1, 2, 3, 4],
    [8, 9],
  ],
  [
    [1, 2, 13, 17],
    [6, 4],
  ],
  [
    [1, 3, 1, 6],
    [5, 4],
  ],
  [
    [1, 3, 6, 1],
    [4, 5],
  ],
  [
    [2, 2, 23, 5],
    [1, 3],
  ],
  [
    [2, 2, 5, 23],
    [3, 1],
  ],
  [
    [1, 4, 31, 29],
    [7, 7],
  ],
  [
    [2, 8, 62, 58],
    [31, 29],
  ],
  [
    [1, 1, 64, 67],
    [3, 5],
  ],
  [
    [1, 2, 2, 200],
    [2, 131],
  ],
  [
    [0, 2, 4, 4],
    [2, 2],
  ],
];

export const adaptiveTable = (op: string, list: typeof adaptive2d, flat: readonly number[]): SampleTable => ({
  rows: list.map(([x, size]) =>
    row(op, `${show(x)} to ${show(size)}`, (d) => ({ inputs: [d.uniform(x)], attrs: { size } })),
  ),
  errors: [
    refused("no batch axis", [flat], { size: flat.slice(1).map(() => 2) }, op, `[N, C,`),
    refused("nothing inside", [[1, ...flat.slice(0, -1), 0]], { size: flat.slice(1).map(() => 2) }, op, "W=0"),
    {
      ...refused("a size of 0", [[1, ...flat]], { size: flat.slice(1).map(() => 0) }, op, "outputSize", "at least 1"),
      errorClass: ConfigError,
    },
  ],
});
