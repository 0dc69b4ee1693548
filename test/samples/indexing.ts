import { ConfigError } from "../../src/errors.ts";
import { sizeOf } from "../reference/ref.ts";
import { type Draws, refused, row, type SampleTable, show } from "./sample.ts";

type Shape = readonly number[];
type AxisCase = readonly [shape: Shape, axis: number];

/** Every position of the axis; lengths of 1, primes, and more than one pass takes. */
const axisCases: readonly AxisCase[] = [
  [[1], 0],
  [[7], 0],
  [[257], -1],
  [[1031], 0],
  [[3, 5], 0],
  [[3, 5], 1],
  [[1, 13], 1],
  [[1, 13], 0],
  [[13, 1], 0],
  [[2, 3, 5], 1],
  [[2, 3, 5], -3],
  [[4, 1, 7], 1],
  [[2, 3, 4, 5], 2],
  [[2, 3, 4, 5], -1],
  [[1, 1, 11, 13], 2],
  [[2, 3, 2, 3, 2], 3],
  [[523, 3], 0],
  [[3, 523], 1],
  [[2, 307, 5], 1],
  [[65, 2], -2],
  [[5, 4099], 1],
  [[70_001], 0],
  [[9001, 2], 1],
];

const along = (op: string, extra: readonly AxisCase[], values: (d: Draws, s: Shape) => ReturnType<Draws["fill"]>) => ({
  op,
  rows: [...axisCases, ...extra].map(([shape, axis], i) =>
    row(op, `${show(shape)} axis ${axis}`, (d) => ({
      inputs: [values(d, shape)],
      attrs: op === "cumsum" ? { axis } : { axis, keepdim: i % 2 === 1 },
    })),
  ),
});
const noAxis = refused("no such axis", [[2, 3]], { axis: 2, keepdim: false }, "2", "rank 2");

const extreme = (op: "argmax" | "argmin"): SampleTable => {
  const table = along(op, [[[0, 3], 1]], (d, s) => d.distinct(s));
  const ties = row(op, "ties", (d) => ({ inputs: [d.ties([5, 170])], attrs: { axis: 1, keepdim: false } }));
  const none = refused("nothing along the axis", [[3, 0]], { axis: 1, keepdim: false }, op, "[3, 0]", "nothing");
  return { op, rows: [...table.rows, ties], errors: [noAxis, none] };
};

const indices = (d: Draws, shape: Shape, size: number) => d.fill(shape, (r) => r.integer(size));

/** x, axis, index: longer and shorter than the axis, and smaller beside it. */
const gathers: readonly (readonly [Shape, number, Shape])[] = [
  [[1], 0, [1]],
  [[7], 0, [3]],
  [[7], 0, [29]],
  [[1], 0, [5]],
  [[3, 5], 0, [4, 5]],
  [[3, 5], 1, [3, 2]],
  [[3, 5], -1, [3, 17]],
  [[3, 5], 1, [2, 7]],
  [[3, 5], 0, [1, 4]],
  [[1, 13], 0, [3, 13]],
  [[13, 1], 0, [5, 1]],
  [[2, 3, 5], 1, [2, 4, 5]],
  [[2, 3, 5], -3, [6, 3, 5]],
  [[2, 3, 5], 2, [1, 2, 9]],
  [[2, 3, 4, 5], 2, [2, 3, 6, 5]],
  [[2, 3, 4, 5], 1, [1, 2, 3, 4]],
  [[1, 1, 11, 13], 3, [1, 1, 11, 2]],
  [[2, 3, 2, 3, 2], 3, [2, 3, 2, 5, 2]],
  [[257], 0, [1031]],
  [[1031], 0, [257]],
  [[67, 71], 0, [67, 71]],
  [[67, 71], 1, [60, 140]],
  [[5, 101, 13], 1, [5, 211, 13]],
  [[3, 5], 1, [3, 0]],
  [[0, 5], 1, [0, 3]],
];

const gatherTable: SampleTable = {
  op: "gather",
  rows: gathers.map(([x, axis, index]) =>
    row("gather", `${show(x)} axis ${axis} by ${show(index)}`, (d) => ({
      inputs: [d.uniform(x), indices(d, index, x.at(axis)!)],
      attrs: { axis },
    })),
  ),
  errors: [
    refused("ranks differ", [[2, 3], [2]], { axis: 0 }, "gather", "[2, 3]", "[2]"),
    refused(
      "index larger beside the axis",
      [
        [2, 3],
        [3, 3],
      ],
      { axis: 1 },
      "index",
      "[3, 3]",
      "axis 1",
    ),
    refused(
      "no such axis",
      [
        [2, 3],
        [2, 3],
      ],
      { axis: 2 },
      "2",
    ),
  ],
};

const selects: readonly (readonly [Shape, number, number])[] = [
  [[1], 0, 1],
  [[7], 0, 3],
  [[7], -1, 29],
  [[3, 5], 0, 4],
  [[3, 5], 1, 2],
  [[3, 5], -1, 17],
  [[1, 13], 0, 3],
  [[13, 1], 0, 5],
  [[13, 1], 1, 5],
  [[2, 3, 5], 1, 4],
  [[2, 3, 5], -3, 6],
  [[2, 3, 5], 2, 9],
  [[2, 3, 4, 5], 2, 6],
  [[2, 3, 4, 5], 0, 1],
  [[1, 1, 11, 13], 3, 2],
  [[2, 3, 2, 3, 2], 3, 5],
  [[257], 0, 1031],
  [[1031], 0, 257],
  [[67, 71], 0, 71],
  [[67, 71], 1, 140],
  [[5, 101, 13], 1, 211],
  [[3, 5], 1, 0],
  [[0, 5], 1, 3],
];

const selectTable: SampleTable = {
  op: "index_select",
  rows: selects.map(([x, axis, n]) =>
    row("index_select", `${show(x)} axis ${axis} by ${n}`, (d) => ({
      inputs: [d.uniform(x), indices(d, [n], x.at(axis)!)],
      attrs: { axis },
    })),
  ),
  errors: [
    refused(
      "index of two dimensions",
      [
        [2, 3],
        [2, 2],
      ],
      { axis: 0 },
      "index_select",
      "[2, 2]",
      "gather",
    ),
    refused("no such axis", [[2, 3], [2]], { axis: -3 }, "-3"),
  ],
};

/** The gathers' shapes the other way; src as large as the index, and larger. */
const scatterTable: SampleTable = {
  op: "scatter_add",
  rows: gathers.map(([x, axis, index], i) => {
    const src = i % 3 === 2 ? index.map((n, d) => n + (d % 2) + 1) : index;
    return row("scatter_add", `${show(x)} axis ${axis} by ${show(index)} from ${show(src)}`, (d) => ({
      inputs: [d.uniform(x), indices(d, index, x.at(axis)!), d.uniform(src)],
      attrs: { axis },
    }));
  }),
  errors: [
    refused(
      "src smaller than index",
      [
        [2, 3],
        [2, 3],
        [2, 2],
      ],
      { axis: 0 },
      "scatter_add",
      "src",
      "[2, 2]",
    ),
    refused(
      "index larger beside the axis",
      [
        [2, 3],
        [3, 3],
        [3, 3],
      ],
      { axis: 1 },
      "index",
      "[3, 3]",
    ),
    refused("ranks differ", [[2, 3], [3], [3]], { axis: 1 }, "rank"),
  ],
};

const lists: readonly Shape[] = [
  [],
  [1],
  [7],
  [64],
  [65],
  [257],
  [1, 1],
  [3, 5],
  [1, 13],
  [13, 1],
  [2, 3, 5],
  [1, 1, 1],
  [2, 1, 3, 4],
  [2, 2, 2, 2],
  [4, 31, 8],
  [1031],
  [5, 101],
  [17, 19],
  [3, 3],
  [0],
  [2, 0],
];

const embeddingTable: SampleTable = {
  op: "embedding",
  rows: lists.map((shape, i) => {
    const weight = [[7, 5][i % 2], [3, 1, 17, 64][i % 4]];
    return row("embedding", `${show(shape)} of ${show(weight)}`, (d) => ({
      inputs: [indices(d, shape, weight[0]), d.uniform(weight)],
      attrs: {},
    }));
  }),
  errors: [refused("weight of three dimensions", [[2], [2, 3, 4]], {}, "embedding", "[V, D]", "[2, 3, 4]")],
};

const hotLists = lists.filter((s) => sizeOf(s) < 500);
const oneHotTable: SampleTable = {
  op: "one_hot",
  rows: [...hotLists, ...hotLists.slice(0, 4)].map((shape, i) => {
    const classes = [2, 3, 7, 130][i % 4] + (i < hotLists.length ? 0 : 4);
    return row("one_hot", `${show(shape)} ${classes}`, (d) => ({
      inputs: [indices(d, shape, classes)],
      attrs: { classes },
    }));
  }),
  errors: [{ ...refused("no class", [[3]], { classes: 0 }, "one_hot", "classes", "0"), errorClass: ConfigError }],
};

export const indexingSamples: readonly SampleTable[] = [
  extreme("argmax"),
  extreme("argmin"),
  {
    ...along(
      "cumsum",
      [
        [[0, 3], 1],
        [[3, 0], 1],
      ],
      (d, s) => d.uniform(s),
    ),
    errors: [noAxis],
  },
  gatherTable,
  selectTable,
  scatterTable,
  embeddingTable,
  oneHotTable,
];
