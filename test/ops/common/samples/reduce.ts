/** Samples of reductions. */
import type { Ref } from "../ref.ts";
import { type Draws, type Row, refused, row, type SampleTable, show } from "../sample.ts";

export type Case = readonly [shape: readonly number[], axes: readonly number[]];

/** Every position of the reduced axes, alone and together; lengths of 1, primes, and more than a workgroup reduces at once. */
const cases: readonly Case[] = [
  [[1], [0]],
  [[7], [0]],
  [[257], [0]],
  [[1031], [0]],
  [[3, 5], [0]],
  [[3, 5], [1]],
  [
    [3, 5],
    [0, 1],
  ],
  [[1, 13], [1]],
  [[13, 1], [1]],
  [[2, 3, 5], [1]],
  [
    [2, 3, 5],
    [0, 2],
  ],
  [
    [4, 1, 7],
    [0, 1],
  ],
  [
    [2, 3, 4, 5],
    [2, 3],
  ],
  [
    [2, 3, 4, 5],
    [0, 2, 3],
  ],
  [[2, 3, 4, 5], [1]],
  [
    [1, 1, 11, 13],
    [2, 3],
  ],
  [
    [3, 5, 1, 17],
    [0, 3],
  ],
  [
    [2, 3, 2, 3, 2],
    [1, 3],
  ],
  [
    [2, 3, 2, 3, 2],
    [0, 1, 2, 3, 4],
  ],
  [
    [1, 3, 101, 97],
    [2, 3],
  ],
  [[523, 3], [0]],
  [
    [3, 5, 7],
    [-1, -3],
  ],
  [[4, 11], [-2]],
  [[3, 523], [1]],
  [[307, 67], [1]],
];

interface More {
  /** Cases beside the common ones. */
  readonly extra?: readonly Case[];
  readonly rows?: readonly Row[];
  /** Fewest entries that can be reduced. */
  readonly least?: number;
}

export function reduceTable(
  op: string,
  values: (d: Draws, shape: readonly number[]) => Ref,
  attrs: object,
  { extra = [], rows = [], least = 0 }: More,
): SampleTable {
  const length = (shape: readonly number[], axes: readonly number[]) => axes.reduce((n, a) => n * shape[a], 1);
  const common = [...cases, ...extra]
    .filter(([shape, axes]) => least === 0 || length(shape, axes) >= least)
    .map(([shape, axes], i) =>
      row(op, `${show(shape)} over ${show(axes)}`, (d) => ({
        inputs: [values(d, shape)],
        attrs: { axes, keepdim: i % 2 === 0, ...attrs },
      })),
    );
  return {
    rows: [...common, ...rows],
    errors: [refused("no such axis", [[2, 3]], { axes: [2], keepdim: false, ...attrs }, "2")],
  };
}

export const ties = (op: string): Row =>
  row(op, "ties", (d) => ({ inputs: [d.ties([5, 17])], attrs: { axes: [1], keepdim: false } }), true);

export const noneLeft: readonly Case[] = [[[0, 3], [1]]];
