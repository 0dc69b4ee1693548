/** Softmax, soft-argmax, Gaussian heat-maps, losses. */
import type { Ref } from "../reference/ref.ts";
import { type Draws, refused, row, type SampleTable, show } from "./sample.ts";

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

const softmax = (op: string): SampleTable => ({
  op,
  rows: [
    ...overAxes.map(([shape, axes]) =>
      row(op, `${show(shape)} over ${show(axes)}`, (d) => ({ inputs: [d.uniform(shape, -3, 3)], attrs: { axes } })),
    ),
    row(op, "large values", (d) => ({ inputs: [d.uniform([5, 17], 480, 500)], attrs: { axes: [1] } })),
  ],
  errors: [refused("no such axis", [[2, 3]], { axes: [2] }, op, "2")],
});

const mapShapes: readonly Shape[] = [
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

const profileShapes: readonly Shape[] = [
  [1, 1, 1],
  [1, 1, 2],
  [2, 3, 7],
  [1, 5, 13],
  [3, 1, 64],
  [1, 2, 257],
  [5, 7, 31],
  [1, 1, 4099],
  [37, 19, 3],
  [0, 2, 5],
];

const volumeShapes: readonly Shape[] = [
  [1, 1, 1, 1, 1],
  [1, 1, 1, 1, 7],
  [1, 1, 1, 7, 1],
  [1, 1, 7, 1, 1],
  [1, 1, 2, 3, 4],
  [2, 3, 4, 5, 3],
  [3, 1, 5, 4, 7],
  [1, 2, 13, 3, 11],
  [1, 2, 3, 17, 13],
  [2, 2, 16, 8, 4],
  [5, 7, 3, 3, 2],
  [1, 1, 23, 29, 31],
  [2, 1, 41, 5, 67],
  [0, 2, 4, 4, 4],
];

const conventions = [undefined, "pixel", "kneel", "dsnt", "linspace"] as const;

/** Each shape twice or more, with another sharpness and another convention each time. */
const softArgmax = (op: string, shapes: readonly Shape[], times: number, wrong: Shape): SampleTable => ({
  op,
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

/** Points (x, y) from a little outside to inside of a map of `size`. */
const points = (d: Draws, n: number, k: number, [h, w]: Shape): Ref =>
  d.fill([n, k, 2], (r, i) => (i % 2 === 0 ? r.uniform(-1, w) : r.uniform(-1, h)));

const heatmaps: SampleTable = {
  op: "gaussian_heatmaps",
  rows: [
    ...mapShapes.map(([n, k, h, w], i) => {
      const sigma = [1, 1.5, 3, 5][i % 4];
      return row("gaussian_heatmaps", `${show([n, k])} on ${show([h, w])} sigma ${sigma}`, (d) => ({
        inputs: [points(d, n, k, [h, w])],
        attrs: { size: [h, w], sigma },
      }));
    }),
    // A sigma that is learned: one for each landmark, one in a list, one alone; by turns with a peak of 1 and normalised.
    ...mapShapes.map(([n, k, h, w], i) => {
      const shape = [[k], [1], []][i % 3];
      const gamma = i % 2 === 0 ? {} : { gamma: [1, 100][(i >> 1) % 2] };
      const name = `${show([n, k])} on ${show([h, w])} learned sigma ${show(shape)} ${JSON.stringify(gamma)}`;
      return row("gaussian_heatmaps", name, (d) => ({
        inputs: [points(d, n, k, [h, w]), d.uniform(shape, 0.8, 5)],
        attrs: { size: [h, w], ...gamma },
      }));
    }),
    row("gaussian_heatmaps", "sigma 2.5, gamma 100", (d) => ({
      inputs: [points(d, 2, 3, [17, 13])],
      attrs: { size: [17, 13], sigma: 2.5, gamma: 100 },
    })),
  ],
  errors: [
    refused("three coordinates", [[2, 4, 3]], { size: [8, 8], sigma: 1 }, "gaussian_heatmaps", "3"),
    refused("no batch axis", [[4, 2]], { size: [8, 8], sigma: 1 }, "gaussian_heatmaps", "4"),
    refused("sigmas of another number", [[2, 4, 2], [3]], { size: [8, 8] }, "sigma is [3]", "K=4", "make it [4]"),
  ],
};

const normalised = (d: Draws, shape: Shape): Ref => {
  const y = d.uniform(shape, 0, 1);
  const area = shape[2] * shape[3];
  const sums = new Float64Array(shape[0] * shape[1]);
  y.data.forEach((v, i) => {
    sums[Math.floor(i / area)] += v;
  });
  return { shape, data: y.data.map((v, i) => Math.fround(v / sums[Math.floor(i / area)])) };
};

const crossEntropy: SampleTable = {
  op: "spatial_softmax_ce",
  rows: mapShapes
    .filter((shape) => shape[0] > 0)
    .map((shape) =>
      row("spatial_softmax_ce", show(shape), (d) => ({
        inputs: [d.uniform(shape, -3, 3), normalised(d, shape)],
        attrs: {},
      })),
    ),
  errors: [
    refused(
      "shapes differ",
      [
        [1, 2, 4, 4],
        [1, 2, 4, 5],
      ],
      {},
      "spatial_softmax_ce",
      "4",
      "5",
    ),
  ],
};

export const mapSamples: readonly SampleTable[] = [
  softmax("softmax"),
  softmax("log_softmax"),
  softArgmax("soft_argmax1d", profileShapes, 3, [2, 4]),
  softArgmax("soft_argmax2d", mapShapes, 2, [2, 4, 4]),
  softArgmax("soft_argmax3d", volumeShapes, 2, [2, 4, 4, 4]),
  softArgmax("soft_argmax2d_moments", mapShapes, 2, [2, 4, 4]),
  heatmaps,
  crossEntropy,
];
