/** Samples of elementwise ops. */
import type { Attrs, Ref } from "../ref.ts";
import { anyShapes, type Draws, type Row, refused, row, type SampleTable, show } from "../sample.ts";

type Shape = readonly number[];

/** Pairs of shapes that broadcast: same, scalar, leading axes left out, ones on either side and on both. */
export const pairs: readonly (readonly [Shape, Shape])[] = [
  [[], []],
  [[1], [1]],
  [[7], [7]],
  [[257], [257]],
  [
    [3, 5],
    [3, 5],
  ],
  [
    [2, 3, 4, 5],
    [2, 3, 4, 5],
  ],
  [[], [13]],
  [[3, 5], []],
  [[3, 5], [5]],
  [
    [3, 5],
    [3, 1],
  ],
  [
    [1, 5],
    [3, 1],
  ],
  [
    [2, 3, 4, 5],
    [1, 3, 1, 1],
  ],
  [
    [1, 3, 1, 1],
    [2, 3, 4, 5],
  ],
  [
    [3, 1, 1],
    [2, 3, 4, 5],
  ],
  [
    [1, 1, 7, 1],
    [2, 3, 1, 5],
  ],
  [
    [1, 1, 11, 13],
    [3, 1, 1, 1],
  ],
  [
    [2, 1, 2, 1, 3],
    [2, 2, 1, 2, 3],
  ],
  [
    [67, 1],
    [1, 71],
  ],
  [[1, 1031], [1]],
  [
    [2, 3, 101, 113],
    [1, 3, 1, 1],
  ],
  [[65_537], [65_537]],
  [[0, 3], [3]],
  [
    [2, 0],
    [1, 1],
  ],
];

type Pair = (d: Draws, a: Shape, b: Shape) => [Ref, Ref];

export function binaryTable(op: string, values: Pair, tied = false): SampleTable {
  const rows: Row[] = pairs.map(([a, b]) =>
    row(op, `${show(a)} ${show(b)}`, (d) => ({ inputs: values(d, a, b), attrs: {} })),
  );
  if (tied) {
    const ties: [Shape, Shape] = [[5, 7], [7]];
    rows.push(row(op, "ties", (d) => ({ inputs: ties.map((s) => d.ties(s)), attrs: {} }), true));
  }
  return {
    rows,
    errors: [
      refused(
        "sizes that differ",
        [
          [2, 3],
          [4, 3],
        ],
        {},
        "2",
        "4",
      ),
      refused("no common last axis", [[5, 7], [5]], {}, "5", "7"),
    ],
  };
}

export const plain: Pair = (d, a, b) => [d.uniform(a), d.uniform(b)];

export const unequal: Pair = (d, a, b) => [d.grid(a), d.grid(b, 1 / 32)];

export function unaryTable(
  op: string,
  values: (d: Draws, shape: Shape) => Ref,
  attrs: Attrs = {},
  kinks = false,
): SampleTable {
  const rows = anyShapes.map((shape) => row(op, show(shape), (d) => ({ inputs: [values(d, shape)], attrs })));
  if (kinks) rows.push(row(op, "on the kinks", (d) => ({ inputs: [d.ties([9, 13])], attrs }), true));
  return { rows, errors: [] };
}

/** Near whole quarter turns, far out, and as far as float32 goes: the slope is steep there, so no differences. */
export const angles: readonly (readonly [string, (d: Draws) => Ref])[] = [
  ["near quarter turns", (d) => d.fill([7, 13], (r, i) => (i - 45) * (Math.PI / 2) + r.uniform(-1e-4, 1e-4))],
  ["large", (d) => d.signed([257], 100, 1e5)],
  ["very large", (d) => d.signed([101], 1e5, 1e12)],
  ["powers of two", (d) => d.fill([2, 130], (_, i) => 2 ** (i % 127) * (i % 2 === 0 ? 1 : -1))],
  ["largest", (d) => d.signed([31], 1e37, 3.4e38)],
  ["tiny", (d) => d.signed([31], 1e-30, 1e-3)],
];

export const withRows = (op: string, values: (d: Draws, shape: Shape) => Ref, extra: typeof angles): SampleTable => {
  const table = unaryTable(op, values);
  const more = extra.map(([name, make]) => row(op, name, (d) => ({ inputs: [make(d)], attrs: {} }), true));
  return { ...table, rows: [...table.rows, ...more] };
};
