/** Sampling at the points of a grid, and grids from affine maps. */
import { ConfigError } from "../../src/errors.ts";
import type { Ref } from "../reference/ref.ts";
import { type Draws, refused, row, type SampleTable, show } from "./sample.ts";

/**
 * Points whose coordinates in pixels keep a twentieth away from whole and half numbers, where slopes jump and the nearest
 * pixel changes; inside the image and up to `beyond` of its size outside.
 */
function points(
  d: Draws,
  [n, , h, w]: readonly number[],
  [oh, ow]: readonly number[],
  corners: boolean,
  beyond: number,
): Ref {
  return d.fill([n, oh, ow, 2], (r, i) => {
    const size = i % 2 === 0 ? w : h;
    const pixel =
      Math.floor(r.uniform(-beyond * size - 1, (1 + beyond) * size)) +
      r.uniform(0.05, 0.45) +
      (r.uniform() < 0.5 ? 0.5 : 0);
    if (!corners) return (2 * pixel + 1) / size - 1;
    return size === 1 ? r.uniform(-1, 1) : (2 * pixel) / (size - 1) - 1;
  });
}

const sizes: readonly (readonly [x: readonly number[], out: readonly number[]])[] = [
  [
    [1, 1, 5, 7],
    [4, 3],
  ],
  [
    [2, 3, 6, 5],
    [7, 8],
  ],
  [
    [1, 1, 1, 1],
    [2, 2],
  ],
  [
    [1, 2, 1, 9],
    [5, 4],
  ],
  [
    [3, 1, 8, 1],
    [1, 13],
  ],
  [
    [1, 5, 11, 13],
    [17, 19],
  ],
];

const all = ["bilinear", "nearest"].flatMap((mode) =>
  ["zeros", "border", "reflection"].flatMap((padding_mode) =>
    [false, true].map((align_corners) => ({ mode, padding_mode, align_corners })),
  ),
);

const sampled = { mode: "bilinear", padding_mode: "zeros", align_corners: false };
const gridSample: SampleTable = {
  op: "grid_sample",
  rows: [
    ...all.flatMap((attrs, i) =>
      [0, 1, 2, 3].map((k) => {
        const [x, out] = sizes[(3 * i + k) % sizes.length];
        return row("grid_sample", `${show(x)} to ${show(out)} ${JSON.stringify(attrs)}`, (d) => ({
          inputs: [d.uniform(x), points(d, x, out, attrs.align_corners, k === 3 ? 1.6 : 0.3)],
          attrs,
        }));
      }),
    ),
    ...[sampled, { ...sampled, padding_mode: "reflection", align_corners: true }].map((attrs) =>
      row("grid_sample", `many workgroups ${JSON.stringify(attrs)}`, (d) => ({
        inputs: [d.uniform([2, 7, 23, 29]), points(d, [2, 7, 23, 29], [61, 67], attrs.align_corners, 0.2)],
        attrs,
      })),
    ),
    row("grid_sample", "channels share a point's work", (d) => ({
      inputs: [d.uniform([1, 37, 6, 5]), points(d, [1, 37, 6, 5], [64, 66], false, 0.2)],
      attrs: sampled,
    })),
    row("grid_sample", "all points in one corner", (d) => ({
      inputs: [d.uniform([1, 3, 4, 6]), d.uniform([1, 31, 33, 2], 1.1, 3)],
      attrs: { ...sampled, padding_mode: "border" },
    })),
    row("grid_sample", "all points outside", (d) => ({
      inputs: [d.uniform([2, 2, 4, 6]), d.uniform([2, 3, 5, 2], 2.1, 9)],
      attrs: sampled,
    })),
    row("grid_sample", "no points", (d) => ({
      inputs: [d.uniform([2, 2, 4, 6]), d.uniform([2, 0, 5, 2])],
      attrs: sampled,
    })),
    row("grid_sample", "no images", (d) => ({
      inputs: [d.uniform([0, 2, 4, 6]), d.uniform([0, 3, 5, 2])],
      attrs: sampled,
    })),
  ],
  errors: [
    refused(
      "a grid of triples",
      [
        [1, 1, 4, 4],
        [1, 2, 2, 3],
      ],
      sampled,
      "grid_sample",
      "grid",
      "[N, H', W', 2]",
    ),
    refused(
      "a grid for more images",
      [
        [1, 1, 4, 4],
        [2, 2, 2, 2],
      ],
      sampled,
      "grid_sample",
      "N=1",
      "N=2",
    ),
    refused(
      "no batch axis",
      [
        [1, 4, 4],
        [1, 2, 2, 2],
      ],
      sampled,
      "grid_sample",
      "[N, C, H, W]",
    ),
    refused(
      "no pixels",
      [
        [1, 1, 0, 4],
        [1, 2, 2, 2],
      ],
      sampled,
      "grid_sample",
      "H=0",
    ),
    {
      ...refused(
        "an unknown mode",
        [
          [1, 1, 4, 4],
          [1, 2, 2, 2],
        ],
        { ...sampled, mode: "bicubic" },
        "grid_sample",
        "bicubic",
      ),
      errorClass: ConfigError,
    },
    {
      ...refused(
        "an unknown padding",
        [
          [1, 1, 4, 4],
          [1, 2, 2, 2],
        ],
        { ...sampled, padding_mode: "wrap" },
        "reflection",
      ),
      errorClass: ConfigError,
    },
  ],
};

const grids: readonly (readonly [n: number, size: readonly number[]])[] = [
  [1, [1, 1]],
  [1, [1, 5]],
  [2, [5, 1]],
  [3, [2, 3]],
  [1, [7, 11]],
  [5, [13, 8]],
  [1, [64, 64]],
  [2, [67, 131]],
  [4, [31, 3]],
  [0, [3, 4]],
];

const affineGrid: SampleTable = {
  op: "affine_grid",
  rows: [false, true].flatMap((align_corners) =>
    grids.map(([n, size]) => {
      const attrs = { size, align_corners };
      return row("affine_grid", `${n} of ${JSON.stringify(attrs)}`, (d) => ({ inputs: [d.uniform([n, 2, 3])], attrs }));
    }),
  ),
  errors: [
    refused("a matrix of 3 x 3", [[1, 3, 3]], { size: [4, 4], align_corners: false }, "affine_grid", "[N, 2, 3]"),
    {
      ...refused(
        "a size of 0",
        [[1, 2, 3]],
        { size: [0, 4], align_corners: false },
        "affine_grid",
        "size",
        "at least 1",
      ),
      errorClass: ConfigError,
    },
  ],
};

export const gridSamples: readonly SampleTable[] = [gridSample, affineGrid];
