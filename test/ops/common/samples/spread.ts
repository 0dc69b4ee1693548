/** Samples of padding by reflection and repetition, unfold and fold. */
import { ConfigError } from "../../../../src/errors.ts";
import { type ErrorRow, type Row, refused, row, show } from "../sample.ts";

type Shape = readonly number[];

type Four = readonly [number, number, number, number];

type Two = readonly [number, number];

export type Pads = readonly (readonly [number, number])[];

export const none = [0, 0] as const;

/** Shapes and pads that both modes can do. */
export const both: readonly (readonly [Shape, Pads])[] = [
  [[1], [[0, 0]]],
  [[2], [[1, 1]]],
  [[7], [[3, 0]]],
  [[7], [[0, 6]]],
  [
    [3, 5],
    [
      [2, 1],
      [0, 4],
    ],
  ],
  [
    [1, 13],
    [none, [5, 2]],
  ],
  [
    [13, 1],
    [[12, 12], none],
  ],
  [
    [2, 3, 5],
    [none, none, [2, 3]],
  ],
  [
    [2, 3, 5],
    [none, [2, 1], none],
  ],
  [
    [2, 3, 5],
    [[1, 1], none, [4, 4]],
  ],
  [
    [2, 3, 4, 5],
    [none, none, [1, 1], [1, 1]],
  ],
  [
    [2, 3, 4, 5],
    [none, none, [0, 3], [2, 0]],
  ],
  [
    [1, 1, 11, 13],
    [none, none, [7, 3], [1, 12]],
  ],
  [
    [2, 3, 2, 3, 2],
    [none, none, [1, 0], [2, 1], [0, 1]],
  ],
  [
    [2, 2, 3, 2, 4],
    [
      [1, 0],
      [0, 1],
      [2, 1],
      [1, 1],
      [0, 3],
    ],
  ],
  [
    [2, 3, 2, 4],
    [[1, 0], none, none, [2, 3]],
  ],
  [
    [3, 4, 2, 1, 2, 5],
    [[0, 2], [3, 0], none, none, none, [4, 1]],
  ],
  [[257], [[100, 31]]],
  [
    [67, 71],
    [
      [3, 2],
      [1, 4],
    ],
  ],
  [
    [5, 101, 131],
    [none, [1, 2], [3, 4]],
  ],
  [
    [0, 3],
    [none, [2, 1]],
  ],
  [
    [2, 0, 3],
    [none, none, [0, 1]],
  ],
];

export const padRow =
  (op: string) =>
  ([shape, pads]: readonly [Shape, Pads]): Row =>
    row(op, `${show(shape)} by ${pads.map(show)}`, (d) => ({ inputs: [d.uniform(shape)], attrs: { pads } }));

/** Image, kernel, stride, padding, dilation. */
export const windows: readonly (readonly [Four, Two, Two, Four, Two])[] = [
  [
    [1, 1, 1, 1],
    [1, 1],
    [1, 1],
    [0, 0, 0, 0],
    [1, 1],
  ],
  [
    [1, 1, 5, 7],
    [3, 3],
    [1, 1],
    [0, 0, 0, 0],
    [1, 1],
  ],
  [
    [2, 3, 4, 6],
    [2, 2],
    [2, 2],
    [0, 0, 0, 0],
    [1, 1],
  ],
  [
    [2, 3, 7, 5],
    [3, 3],
    [1, 1],
    [1, 1, 1, 1],
    [1, 1],
  ],
  [
    [1, 2, 9, 8],
    [3, 3],
    [2, 2],
    [1, 1, 1, 1],
    [1, 1],
  ],
  [
    [3, 2, 9, 7],
    [3, 2],
    [1, 3],
    [2, 0, 1, 2],
    [1, 1],
  ],
  [
    [1, 1, 13, 17],
    [3, 3],
    [1, 2],
    [2, 2, 3, 3],
    [2, 3],
  ],
  [
    [2, 1, 11, 9],
    [3, 3],
    [3, 2],
    [4, 4, 2, 2],
    [4, 2],
  ],
  [
    [1, 2, 10, 9],
    [4, 3],
    [3, 2],
    [2, 1, 0, 2],
    [1, 1],
  ],
  // A stride beyond the kernel: some pixels lie in no window.
  [
    [1, 3, 11, 10],
    [2, 1],
    [4, 3],
    [0, 0, 0, 0],
    [1, 1],
  ],
  // The last rows and columns fall short of a window.
  [
    [1, 2, 8, 9],
    [3, 3],
    [4, 5],
    [0, 0, 0, 0],
    [1, 1],
  ],
  [
    [1, 1, 6, 23],
    [1, 5],
    [1, 1],
    [0, 0, 2, 2],
    [1, 1],
  ],
  [
    [1, 1, 23, 6],
    [5, 1],
    [1, 1],
    [2, 2, 0, 0],
    [1, 1],
  ],
  [
    [1, 1, 3, 2],
    [3, 3],
    [1, 1],
    [4, 4, 5, 5],
    [1, 1],
  ],
  [
    [1, 5, 5, 7],
    [5, 7],
    [1, 1],
    [0, 0, 0, 0],
    [1, 1],
  ],
  [
    [2, 2, 7, 7],
    [2, 2],
    [2, 2],
    [0, 1, 1, 0],
    [3, 3],
  ],
  [
    [1, 2, 12, 12],
    [3, 3],
    [4, 6],
    [4, 0, 0, 6],
    [2, 4],
  ],
  [
    [1, 7, 16, 19],
    [3, 3],
    [1, 1],
    [1, 1, 1, 1],
    [1, 1],
  ],
  [
    [2, 3, 31, 37],
    [4, 4],
    [2, 2],
    [1, 1, 1, 1],
    [1, 1],
  ],
  [
    [1, 1, 129, 131],
    [7, 7],
    [3, 3],
    [3, 3, 3, 3],
    [1, 1],
  ],
  [
    [0, 2, 5, 5],
    [3, 3],
    [1, 1],
    [0, 0, 0, 0],
    [1, 1],
  ],
];

const along = (size: number, k: number, s: number, before: number, after: number, dil: number): number =>
  Math.floor((size + before + after - dil * (k - 1) - 1) / s) + 1;

export const windowRow =
  (op: "unfold" | "fold") =>
  ([image, kernel, stride, padding, dilation]: (typeof windows)[number]): Row => {
    const attrs = { kernel, stride, padding, dilation };
    const [n, c, h, w] = image;
    const [top, bottom, left, right] = padding;
    const count =
      along(h, kernel[0], stride[0], top, bottom, dilation[0]) *
      along(w, kernel[1], stride[1], left, right, dilation[1]);
    return row(op, `${show(image)} ${JSON.stringify(attrs)}`, (d) =>
      op === "unfold"
        ? { inputs: [d.uniform(image)], attrs }
        : { inputs: [d.uniform([n, c * kernel[0] * kernel[1], count])], attrs: { ...attrs, output_size: [h, w] } },
    );
  };

export const three = { kernel: [3, 3], stride: [1, 1], padding: [0, 0, 0, 0], dilation: [1, 1] };

export const misconfigured = (op: string, shape: Shape, attrs: object, ...parts: string[]): ErrorRow => ({
  ...refused(`${op} by ${JSON.stringify(attrs)}`, [shape], { ...three, output_size: [5, 5], ...attrs }, op, ...parts),
  errorClass: ConfigError,
});
