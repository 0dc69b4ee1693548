/** Samples of softmax, and of ops on heat-maps. */
import { refused, row, type SampleTable, show } from "../sample.ts";

type Shape = readonly number[];

const overAxes: readonly (readonly [Shape, Shape])[] = [
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
  [[2, 3, 5], [1]],
  [
    [2, 3, 5],
    [0, 2],
  ],
  [
    [4, 1, 7],
    [0, 1],
  ],
  [[2, 3, 4, 5], [1]],
  [
    [2, 3, 4, 5],
    [2, 3],
  ],
  [
    [2, 3, 4, 5],
    [0, 2, 3],
  ],
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
    [1, 6, 31, 37],
    [2, 3],
  ],
  [[523, 3], [0]],
  [[307, 67], [1]],
  [
    [2, 3, 67, 61],
    [2, 3],
  ],
  [[0, 3], [1]],
];

export const softmaxTable = (op: string): SampleTable => ({
  rows: [
    ...overAxes.map(([shape, axes]) =>
      row(op, `${show(shape)} over ${show(axes)}`, (d) => ({ inputs: [d.uniform(shape, -3, 3)], attrs: { axes } })),
    ),
    row(op, "large values", (d) => ({ inputs: [d.uniform([5, 17], 480, 500)], attrs: { axes: [1] } })),
  ],
  errors: [refused("no such axis", [[2, 3]], { axes: [2] }, op, "2")],
});

export const mapShapes: readonly Shape[] = [
  [1, 1, 1, 1],
  [1, 1, 1, 7],
  [1, 1, 7, 1],
  [1, 1, 2, 3],
  [2, 3, 4, 5],
  [3, 1, 5, 4],
  [1, 5, 7, 11],
  [1, 2, 13, 17],
  [2, 2, 16, 16],
  [1, 1, 17, 15],
  [3, 4, 9, 3],
  [1, 7, 8, 8],
  [1, 6, 31, 37],
  [2, 1, 64, 5],
  [1, 1, 67, 71],
  [2, 3, 33, 16],
  [1, 19, 6, 5],
  [5, 2, 3, 3],
  [1, 3, 101, 97],
  [2, 2, 23, 29],
  [0, 2, 4, 4],
];

const conventions = [undefined, "pixel", "kneel", "dsnt", "linspace"] as const;

/** Each shape twice or more, with another sharpness and another convention each time. */
export const softArgmaxTable = (op: string, shapes: readonly Shape[], times: number, wrong: Shape): SampleTable => ({
  rows: Array.from({ length: times }, (_, time) =>
    shapes.map((shape, i) => {
      const beta = [1, 10, 0.5, 25, -2, 4][(i + time) % 6];
      const size = shape.slice(2).reduce((a, b) => a * b, 1);
      const convention = conventions[(i + 2 * time) % conventions.length];
      return row(op, `${show(shape)} beta ${beta} ${convention}`, (d) => ({
        // Higher towards the end: a place right in the middle is 0 by two conventions, and has no size to compare errors with.
        inputs: [d.fill(shape, (r, j) => r.uniform(0, 1) + (4 * (j % size)) / size)],
        attrs: convention ? { beta, convention } : { beta },
      }));
    }),
  ).flat(),
  errors: [refused("no batch axis", [wrong], { beta: 1 }, `${op}: `, show(wrong).replaceAll(",", ", "))],
});
