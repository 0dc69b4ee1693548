/** Samples of ops along one axis. */
import { type Draws, refused, row, type SampleTable, show } from "../sample.ts";

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

export const along = (
  op: string,
  extra: readonly AxisCase[],
  values: (d: Draws, s: Shape) => ReturnType<Draws["fill"]>,
) => ({
  rows: [...axisCases, ...extra].map(([shape, axis], i) =>
    row(op, `${show(shape)} axis ${axis}`, (d) => ({
      inputs: [values(d, shape)],
      attrs: op === "cumsum" ? { axis } : { axis, keepdim: i % 2 === 1 },
    })),
  ),
});

export const noAxis = refused("no such axis", [[2, 3]], { axis: 2, keepdim: false }, "2", "rank 2");

export const extremeTable = (op: "argmax" | "argmin"): SampleTable => {
  const table = along(op, [[[0, 3], 1]], (d, s) => d.distinct(s));
  const ties = row(op, "ties", (d) => ({ inputs: [d.ties([5, 170])], attrs: { axis: 1, keepdim: false } }));
  const none = refused("nothing along the axis", [[3, 0]], { axis: 1, keepdim: false }, op, "[3, 0]", "nothing");
  return { rows: [...table.rows, ties], errors: [noAxis, none] };
};

export const indices = (d: Draws, shape: Shape, size: number) => d.fill(shape, (r) => r.integer(size));

/** x, axis, index: longer and shorter than the axis, and smaller beside it. */
export const gathers: readonly (readonly [Shape, number, Shape])[] = [
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

export const lists: readonly Shape[] = [
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
