import { refused, row, type SampleTable, show } from "./sample.ts";

type Shape = readonly number[];

/** Sizes of 1, primes, just above and below tiles of 4, 8, 16, 32 and 64, batches that broadcast; transposes in turn. */
const cases: readonly (readonly [batchA: Shape, batchB: Shape, m: number, k: number, n: number])[] = [
  [[], [], 1, 1, 1],
  [[], [], 1, 7, 1],
  [[], [], 5, 1, 7],
  [[], [], 2, 3, 4],
  [[], [], 4, 4, 4],
  [[], [], 16, 16, 16],
  [[], [], 17, 13, 11],
  [[], [], 33, 31, 35],
  [[], [], 64, 64, 64],
  [[], [], 65, 63, 67],
  [[], [], 3, 257, 5],
  [[], [], 131, 2, 127],
  [[], [], 1, 521, 3],
  [[], [], 37, 19, 1],
  [[], [], 1, 29, 41],
  [[3], [3], 5, 7, 6],
  [[1], [3], 5, 7, 6],
  [[3], [], 5, 7, 6],
  [[], [2, 3], 4, 5, 3],
  [[2, 1], [1, 3], 4, 5, 3],
  [[1, 1], [2, 2], 9, 17, 8],
  [[2, 3, 1], [1, 3, 2], 2, 3, 5],
  [[], [], 0, 3, 4],
  [[], [], 3, 0, 4],
];

const flips = [
  [false, false],
  [true, false],
  [false, true],
  [true, true],
] as const;

export const matmulSamples: readonly SampleTable[] = [
  {
    op: "matmul",
    rows: cases.flatMap(([batchA, batchB, m, k, n], i) =>
      // All four ways for a tile-sized product, else one each.
      (m === 17 ? flips : [flips[i % 4]]).map(([ta, tb]) => {
        const a = [...batchA, ...(ta ? [k, m] : [m, k])];
        const b = [...batchB, ...(tb ? [n, k] : [k, n])];
        const name = `${show(a)}${ta ? " transposed" : ""} ${show(b)}${tb ? " transposed" : ""}`;
        return row("matmul", name, (d) => ({
          inputs: [d.uniform(a), d.uniform(b)],
          attrs: { transpose_a: ta, transpose_b: tb },
        }));
      }),
    ),
    errors: [
      refused(
        "inner sizes differ",
        [
          [2, 3],
          [4, 5],
        ],
        { transpose_a: false, transpose_b: false },
        "3",
        "4",
      ),
      refused(
        "inner sizes differ when transposed",
        [
          [2, 3],
          [3, 5],
        ],
        { transpose_a: true, transpose_b: false },
        "2",
        "3",
      ),
      refused(
        "batches differ",
        [
          [2, 3, 4],
          [3, 4, 5],
        ],
        { transpose_a: false, transpose_b: false },
        "2",
        "3",
      ),
      refused("a vector", [[3], [3, 4]], { transpose_a: false, transpose_b: false }, "3"),
    ],
  },
];
