import type { Ref } from "../reference/ref.ts";
import { type Draws, refused, row, type SampleTable, show } from "./sample.ts";

type Case = readonly [shape: readonly number[], axes: readonly number[]];

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

function table(
  op: string,
  values: (d: Draws, shape: readonly number[]) => Ref,
  attrs: object,
  extra: readonly Case[] = [],
): SampleTable {
  const long = (axes: readonly number[], shape: readonly number[]) => axes.reduce((n, a) => n * shape[a], 1) > 1;
  const rows = [...cases, ...extra]
    .filter(([shape, axes]) => op !== "variance" || long(axes, shape))
    .map(([shape, axes], i) =>
      row(op, `${show(shape)} over ${show(axes)}`, (d) => ({
        inputs: [values(d, shape)],
        attrs: { axes, keepdim: i % 2 === 0, ...attrs },
      })),
    );
  if (op === "max" || op === "min")
    rows.push(row(op, "ties", (d) => ({ inputs: [d.ties([5, 17])], attrs: { axes: [1], keepdim: false } }), true));
  if (op === "variance") {
    rows.push(
      row(op, "population", (d) => ({
        inputs: [d.uniform([5, 17])],
        attrs: { axes: [1], keepdim: false, correction: 0 },
      })),
    );
    rows.push(
      row(op, "far from 0", (d) => ({
        inputs: [d.uniform([5, 17], 99, 101)],
        attrs: { axes: [0], keepdim: true, correction: 1 },
      })),
    );
  }
  return { op, rows, errors: [refused("no such axis", [[2, 3]], { axes: [2], keepdim: false, ...attrs }, "2")] };
}

const empty: readonly Case[] = [
  [[0, 3], [1]],
  [[0, 3], [0]],
];
const noneLeft: readonly Case[] = [[[0, 3], [1]]];

export const reduceSamples: readonly SampleTable[] = [
  table("sum", (d, s) => d.uniform(s), {}, empty),
  table("mean", (d, s) => d.uniform(s), {}, noneLeft),
  table("max", (d, s) => d.distinct(s), {}, noneLeft),
  table("min", (d, s) => d.distinct(s), {}, noneLeft),
  table("variance", (d, s) => d.uniform(s), { correction: 1 }, noneLeft),
];
