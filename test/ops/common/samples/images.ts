/** Samples of 2-D pooling and upsampling. */
import { type Row, refused, row, type SampleTable, show } from "../sample.ts";

type Four = readonly [number, number, number, number];

type Two = readonly [number, number];

/** x, kernel, stride, padding, dilation; no window lies in the padding alone. */
const windows: readonly (readonly [Four, Two, Two, Four, Two])[] = [
  [
    [1, 1, 1, 1],
    [1, 1],
    [1, 1],
    [0, 0, 0, 0],
    [1, 1],
  ],
  [
    [1, 1, 4, 6],
    [2, 2],
    [2, 2],
    [0, 0, 0, 0],
    [1, 1],
  ],
  [
    [2, 3, 8, 10],
    [2, 2],
    [2, 2],
    [0, 0, 0, 0],
    [1, 1],
  ],
  [
    [2, 3, 7, 5],
    [2, 2],
    [2, 2],
    [0, 0, 0, 0],
    [1, 1],
  ],
  [
    [1, 5, 11, 13],
    [3, 3],
    [2, 2],
    [1, 1, 1, 1],
    [1, 1],
  ],
  [
    [3, 2, 9, 7],
    [3, 3],
    [1, 1],
    [1, 1, 1, 1],
    [1, 1],
  ],
  [
    [1, 1, 13, 17],
    [3, 3],
    [1, 2],
    [2, 2, 2, 2],
    [2, 3],
  ],
  [
    [2, 1, 17, 11],
    [3, 2],
    [2, 3],
    [1, 0, 0, 1],
    [3, 1],
  ],
  [
    [1, 2, 10, 9],
    [3, 3],
    [2, 2],
    [0, 1, 0, 1],
    [1, 1],
  ],
  [
    [1, 2, 10, 9],
    [4, 3],
    [3, 2],
    [2, 1, 0, 2],
    [1, 1],
  ],
  [
    [1, 3, 6, 23],
    [1, 5],
    [1, 3],
    [0, 0, 2, 2],
    [1, 1],
  ],
  [
    [1, 3, 23, 6],
    [5, 1],
    [3, 1],
    [2, 2, 0, 0],
    [1, 1],
  ],
  [
    [1, 2, 5, 7],
    [5, 7],
    [1, 1],
    [0, 0, 0, 0],
    [1, 1],
  ],
  [
    [1, 2, 8, 8],
    [2, 2],
    [3, 3],
    [0, 0, 0, 0],
    [1, 1],
  ],
  [
    [1, 1, 9, 9],
    [2, 2],
    [1, 1],
    [0, 0, 0, 0],
    [4, 3],
  ],
  [
    [3, 4, 16, 24],
    [8, 8],
    [8, 8],
    [0, 0, 0, 0],
    [1, 1],
  ],
  [
    [2, 7, 12, 5],
    [3, 3],
    [3, 3],
    [1, 0, 0, 1],
    [1, 1],
  ],
  [
    [1, 1, 2, 3],
    [3, 3],
    [1, 1],
    [1, 2, 2, 1],
    [1, 1],
  ],
  [
    [1, 8, 67, 71],
    [2, 2],
    [2, 2],
    [0, 0, 0, 0],
    [1, 1],
  ],
  [
    [2, 3, 101, 97],
    [3, 3],
    [2, 2],
    [1, 1, 1, 1],
    [1, 1],
  ],
  [
    [0, 2, 6, 6],
    [2, 2],
    [2, 2],
    [0, 0, 0, 0],
    [1, 1],
  ],
];

const plain = { kernel: [2, 2], stride: [2, 2], padding: [0, 0, 0, 0] };

export function poolTable(op: "max_pool2d" | "avg_pool2d", more: readonly Row[]): SampleTable {
  const max = op === "max_pool2d";
  const rows = windows.map(([x, kernel, stride, padding, dilation], i) => {
    const attrs = { kernel, stride, padding, ...(max ? { dilation } : { count_include_pad: i % 2 === 0 }) };
    return row(op, `${show(x)} ${JSON.stringify(attrs)}`, (d) => ({
      inputs: [max ? d.distinct(x) : d.uniform(x)],
      attrs,
    }));
  });
  if (max) {
    const attrs = { kernel: [3, 3], stride: [1, 2], padding: [1, 1, 1, 1], dilation: [1, 1] };
    rows.push(row(op, "ties", (d) => ({ inputs: [d.ties([2, 2, 9, 7])], attrs }), true));
  } else {
    for (const include of [false, true]) {
      const attrs = { kernel: [3, 3], stride: [2, 1], padding: [2, 1, 0, 2], count_include_pad: include };
      rows.push(row(op, `padding counted: ${include}`, (d) => ({ inputs: [d.uniform([2, 2, 9, 7])], attrs })));
    }
  }
  rows.push(...more);
  const rest = max ? { dilation: [1, 1] } : { count_include_pad: true };
  return {
    rows,
    errors: [
      refused("kernel larger than the image", [[1, 1, 4, 4]], { ...plain, ...rest, kernel: [5, 2] }, op, "5", "4"),
      refused("no batch axis", [[1, 4, 4]], { ...plain, ...rest }, op, "4"),
    ],
  };
}

const sizes: readonly (readonly [Four, Two])[] = [
  [
    [1, 1, 1, 1],
    [1, 1],
  ],
  [
    [1, 1, 1, 1],
    [3, 4],
  ],
  [
    [1, 1, 3, 4],
    [1, 1],
  ],
  [
    [1, 1, 2, 3],
    [4, 6],
  ],
  [
    [2, 3, 4, 5],
    [8, 10],
  ],
  [
    [2, 3, 4, 5],
    [12, 15],
  ],
  [
    [2, 3, 4, 5],
    [32, 40],
  ],
  [
    [1, 5, 7, 11],
    [7, 11],
  ],
  [
    [1, 2, 7, 11],
    [13, 5],
  ],
  [
    [3, 1, 5, 3],
    [7, 2],
  ],
  [
    [1, 2, 8, 10],
    [4, 5],
  ],
  [
    [1, 2, 13, 17],
    [6, 4],
  ],
  [
    [1, 3, 1, 6],
    [5, 12],
  ],
  [
    [1, 3, 6, 1],
    [12, 5],
  ],
  [
    [3, 4, 3, 5],
    [11, 13],
  ],
  [
    [1, 1, 16, 16],
    [17, 15],
  ],
  [
    [2, 2, 5, 9],
    [23, 29],
  ],
  [
    [1, 3, 16, 24],
    [32, 48],
  ],
  [
    [2, 8, 31, 29],
    [62, 58],
  ],
  [
    [1, 1, 64, 67],
    [3, 5],
  ],
  [
    [0, 2, 3, 3],
    [6, 6],
  ],
];

export function upsampleTable(op: "upsample_nearest2d" | "upsample_bilinear2d"): SampleTable {
  const corners = op === "upsample_nearest2d" ? [undefined] : [false, true];
  return {
    rows: corners.flatMap((align_corners) =>
      sizes.map(([x, size]) => {
        const attrs = { size, ...(align_corners === undefined ? {} : { align_corners }) };
        return row(op, `${show(x)} ${JSON.stringify(attrs)}`, (d) => ({ inputs: [d.uniform(x)], attrs }));
      }),
    ),
    errors: [refused("no batch axis", [[1, 4, 4]], { size: [8, 8], align_corners: false }, op, "4")],
  };
}
