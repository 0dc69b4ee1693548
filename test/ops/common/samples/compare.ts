/** Samples of comparisons. */
import { refused, row, type SampleTable, show } from "../sample.ts";
import { pairs } from "./pointwise.ts";

export const comparison = (op: string): SampleTable => ({
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
