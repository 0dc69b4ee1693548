import { pairs } from "./pointwise.ts";
import { refused, row, type SampleTable, show } from "./sample.ts";

const comparison = (op: string): SampleTable => ({
  op,
  rows: [
    ...pairs.map(([a, b]) =>
      row(op, `${show(a)} ${show(b)}`, (d) => ({ inputs: [d.uniform(a), d.uniform(b)], attrs: {} })),
    ),
    row(op, "ties", (d) => ({ inputs: [d.ties([5, 7]), d.ties([7])], attrs: {} })),
    row(op, "ties, equal shapes", (d) => ({ inputs: [d.ties([31, 17]), d.ties([31, 17])], attrs: {} })),
  ],
  errors: [
    refused(
      "sizes that differ",
      [
        [2, 3],
        [4, 3],
      ],
      {},
      op,
      "2",
      "4",
    ),
  ],
});

/** Conditions beside a pair of shapes: of the result, of one side, a scalar, a new leading dimension. */
const conditions = (a: readonly number[], b: readonly number[], i: number): readonly number[] =>
  [a, b, [], [2, ...new Array<number>(Math.max(a.length, b.length)).fill(1)]][i % 4];

const whereTable: SampleTable = {
  op: "where",
  rows: [...pairs, ...pairs].map(([a, b], i) => {
    const c = conditions(a, b, i < pairs.length ? i : i - pairs.length + 1);
    return row("where", `${show(c)} ${show(a)} ${show(b)} ${i}`, (d) => ({
      inputs: [d.zerosAndOnes(c, 0.5), d.uniform(a), d.uniform(b)],
      attrs: {},
    }));
  }),
  errors: [
    refused("a and b differ", [[2, 3], [2, 3], [4]], {}, "where", "3", "4"),
    refused("the condition differs", [[5], [2, 3], [3]], {}, "where", "condition", "[5]", "[2, 3]"),
  ],
};

export const compareSamples: readonly SampleTable[] = [
  ...["eq", "ne", "lt", "le", "gt", "ge"].map(comparison),
  whereTable,
];
