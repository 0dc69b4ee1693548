/** Samples of tril and triu. */
import { ConfigError } from "../../../../src/errors.ts";
import { refused, row, type SampleTable, show } from "../sample.ts";

const matrices: readonly (readonly [shape: readonly number[], diagonal?: number])[] = [
  [[1, 1]],
  [[1, 1], 1],
  [[3, 3]],
  [[3, 5]],
  [[5, 3]],
  [[5, 3], 1],
  [[5, 3], -1],
  [[3, 5], -2],
  [[3, 5], 7],
  [[3, 5], -7],
  [[1, 13], 4],
  [[13, 1], -4],
  [[7, 7], 2],
  [[2, 3, 5]],
  [[2, 5, 3], -1],
  [[2, 3, 4, 5], 1],
  [[2, 1, 2, 3, 2]],
  [[67, 71]],
  [[67, 71], -33],
  [[3, 129, 131], 5],
  [[0, 3]],
  [[3, 0]],
  [[2, 0, 3], 1],
];

export const triangleTable = (op: string): SampleTable => ({
  rows: matrices.map(([shape, diagonal]) =>
    row(op, `${show(shape)} ${diagonal}`, (d) => ({
      inputs: [d.uniform(shape)],
      attrs: diagonal === undefined ? {} : { diagonal },
    })),
  ),
  errors: [
    refused("a vector", [[3]], {}, op, "[3]"),
    { ...refused("half a diagonal", [[3, 3]], { diagonal: 0.5 }, op, "diagonal", "0.5"), errorClass: ConfigError },
  ],
});
