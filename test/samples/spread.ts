/** Padding by reflection and by repetition, unfold and fold. */
import { ConfigError } from "../../src/errors.ts";
import { type ErrorRow, type Row, refused, row, type SampleTable, show } from "./sample.ts";

type Shape = readonly number[];
type Pads = readonly (readonly [number, number])[];

const none = [0, 0] as const;
/** Shapes and pads that both modes can do. */
const both: readonly (readonly [Shape, Pads])[] = [
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
/** Beyond what a reflection can give. */
const further: readonly (readonly [Shape, Pads])[] = [
  [[1], [[3, 4]]],
  [[2], [[0, 5]]],
  [
    [1, 1, 1, 1],
    [none, none, [2, 3], [4, 1]],
  ],
  [
    [2, 1, 3, 2],
    [none, [1, 2], [5, 4], [3, 3]],
  ],
];

const padRow =
  (op: string) =>
  ([shape, pads]: readonly [Shape, Pads]): Row =>
    row(op, `${show(shape)} by ${pads.map(show)}`, (d) => ({ inputs: [d.uniform(shape)], attrs: { pads } }));

type Two = readonly [number, number];
type Four = readonly [number, number, number, number];

/** Image, kernel, stride, padding, dilation. */
const windows: readonly (readonly [Four, Two, Two, Four, Two])[] = [
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

const windowRow =
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

const three = { kernel: [3, 3], stride: [1, 1], padding: [0, 0, 0, 0], dilation: [1, 1] };
const misconfigured = (op: string, shape: Shape, attrs: object, ...parts: string[]): ErrorRow => ({
  ...refused(`${op} by ${JSON.stringify(attrs)}`, [shape], { ...three, output_size: [5, 5], ...attrs }, op, ...parts),
  errorClass: ConfigError,
});

export const spreadSamples: readonly SampleTable[] = [
  {
    op: "pad_reflect",
    rows: both.map(padRow("pad_reflect")),
    errors: [
      refused("as many as there are", [[2, 3]], { pads: [none, [0, 3]] }, "pad", "dimension 1", "less than 3"),
      refused("of one entry", [[2, 1]], { pads: [none, [1, 0]] }, "pad", "dimension 1", "replicate"),
      refused("of nothing", [[2, 0]], { pads: [none, [1, 0]] }, "pad", "dimension 1"),
      refused("too few axes", [[2, 3]], { pads: [[1, 1]] }, "pad", "2 dimensions"),
      refused("a negative side", [[2, 3]], { pads: [none, [-1, 1]] }, "pad", "0 or more"),
    ],
  },
  {
    op: "pad_replicate",
    rows: [...both, ...further].map(padRow("pad_replicate")),
    errors: [
      refused("of nothing", [[2, 0]], { pads: [none, [1, 0]] }, "pad", "dimension 1", "constant"),
      refused("too many axes", [[2]], { pads: [[1, 1], none] }, "pad", "1 dimensions"),
    ],
  },
  {
    op: "unfold",
    rows: windows.map(windowRow("unfold")),
    errors: [
      refused("kernel larger than the image", [[1, 1, 2, 5]], three, "unfold", "[3, 3]", "H=2"),
      refused("no batch axis", [[1, 5, 5]], three, "unfold", "4 dimensions"),
      refused("an empty image", [[1, 1, 0, 5]], { ...three, padding: [2, 2, 0, 0] }, "unfold", "H=0"),
      misconfigured("unfold", [1, 1, 5, 5], { stride: [0, 1] }, "stride", "at least 1"),
    ],
  },
  {
    op: "fold",
    rows: windows.map(windowRow("fold")),
    errors: [
      refused("rows of another kernel", [[1, 10, 9]], { ...three, output_size: [5, 5] }, "fold", "10", "9"),
      refused("columns of another image", [[1, 9, 8]], { ...three, output_size: [5, 5] }, "fold", "8", "3 x 3 = 9"),
      refused("an image smaller than the kernel", [[1, 9, 1]], { ...three, output_size: [2, 5] }, "fold", "H=2"),
      refused("an image", [[1, 1, 5, 5]], { ...three, output_size: [5, 5] }, "fold", "3 dimensions"),
      misconfigured("fold", [1, 9, 9], { output_size: [0, 5] }, "outputSize", "at least 1"),
    ],
  },
];
