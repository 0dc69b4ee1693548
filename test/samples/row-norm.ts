/** Group, instance and layer norm. */
import type { Ref } from "../reference/ref.ts";
import { type Draws, refused, row, type SampleTable, show } from "./sample.ts";

type Shape = readonly number[];

/** x, and by turns a weight and a bias, a weight alone, none. */
const inputs = (d: Draws, shape: Shape, affine: Shape, i: number, low = -2, high = 2): Ref[] =>
  [d.uniform(shape, low, high), d.uniform(affine, 0.5, 2), d.uniform(affine)].slice(0, [3, 2, 1, 3][i % 4]);

const eps = (i: number): number => Math.fround(i % 3 === 0 ? 1e-3 : 1e-5);
const pieces = (i: number): string => ["weight and bias", "weight", "plain", "weight and bias"][i % 4];

const grouped: readonly (readonly [Shape, number])[] = [
  [[1, 2], 1],
  [[3, 6], 2],
  [[17, 8], 4],
  [[5, 7], 7],
  [[300, 12], 3],
  [[2, 3, 5], 1],
  [[2, 3, 5], 3],
  [[1, 4, 13], 2],
  [[1, 1, 2, 3], 1],
  [[2, 6, 4, 5], 3],
  [[2, 6, 4, 5], 1],
  [[2, 6, 4, 5], 6],
  [[3, 10, 7, 11], 5],
  [[1, 35, 1, 3], 7],
  [[4, 8, 8, 8], 2],
  [[1, 12, 31, 37], 4],
  [[2, 4, 67, 61], 2],
  [[1, 3, 131, 127], 1],
  [[2, 4, 3, 5, 7], 2],
  [[0, 4, 3, 3], 2],
];

const groupNorm: SampleTable = {
  op: "group_norm",
  rows: [
    ...grouped.map(([shape, num_groups], i) =>
      row("group_norm", `${show(shape)} in ${num_groups} with ${pieces(i)}`, (d) => ({
        inputs: inputs(d, shape, [shape[1]], i),
        attrs: { num_groups, eps: eps(i) },
      })),
    ),
    row("group_norm", "mean 1000, deviation 1", (d) => ({
      inputs: inputs(d, [2, 6, 17, 13], [6], 0, 998, 1002),
      attrs: { num_groups: 3, eps: eps(1) },
    })),
    row("group_norm", "small values far from 0", (d) => ({
      inputs: inputs(d, [1, 4, 61, 67], [4], 0, 0.999, 1.001),
      attrs: { num_groups: 1, eps: Math.fround(1e-12) },
    })),
  ],
  errors: [
    refused("groups that do not divide", [[2, 6, 4, 5]], { num_groups: 4, eps: 1e-5 }, "group_norm", "C=6", "4 groups"),
    refused("no channels", [[6]], { num_groups: 1, eps: 1e-5 }, "group_norm: x is [6]"),
    refused("weight of another size", [[2, 6, 4], [3]], { num_groups: 3, eps: 1e-5 }, "weight is [3]", "make it [6]"),
    refused("bias of another size", [[2, 6, 4], [6], [2, 3]], { num_groups: 3, eps: 1e-5 }, "bias is [2, 3]"),
  ],
};

const instances: readonly Shape[] = [
  [1, 1, 2],
  [2, 3, 5],
  [1, 4, 13],
  [3, 1, 257],
  [1, 1, 2, 3],
  [2, 3, 4, 5],
  [1, 5, 7, 11],
  [3, 1, 13, 2],
  [2, 17, 1, 3],
  [4, 8, 8, 8],
  [7, 13, 3, 5],
  [1, 3, 31, 37],
  [2, 2, 67, 61],
  [1, 1, 257, 129],
  [2, 3, 3, 5, 7],
  [1, 2, 2, 1, 2],
  [0, 3, 2, 2],
];

const instanceNorm: SampleTable = {
  op: "instance_norm",
  rows: [
    ...instances.map((shape, i) =>
      row("instance_norm", `${show(shape)} with ${pieces(i)}`, (d) => ({
        inputs: inputs(d, shape, [shape[1]], i),
        attrs: { eps: eps(i), use_input_stats: true },
      })),
    ),
    ...[0, 1, 2].map((i) =>
      row("instance_norm", `mean 1000, deviation 1, with ${pieces(i)}`, (d) => ({
        inputs: inputs(d, [2, 3, 17, 13], [3], i, 998, 1002),
        attrs: { eps: eps(1), use_input_stats: true },
      })),
    ),
    ...[
      [2, 3, 4, 5],
      [1, 5, 1, 1],
      [3, 2, 67, 61],
    ].map((shape) =>
      row("instance_norm", `${show(shape)} by running statistics`, (d) => ({
        inputs: [...inputs(d, shape, [shape[1]], 0), d.uniform([shape[1]]), d.uniform([shape[1]], 0.3, 3)],
        attrs: { eps: eps(1), use_input_stats: false },
      })),
    ),
  ],
  errors: [
    refused("one value", [[2, 6, 1, 1]], { eps: 1e-5, use_input_stats: true }, "instance_norm", "one value a channel"),
    refused("no image", [[2, 6]], { eps: 1e-5, use_input_stats: true }, "instance_norm: x is [2, 6]"),
    refused("weight of another size", [[2, 6, 4], [3]], { eps: 1e-5, use_input_stats: true }, "make it [6]"),
  ],
};

const layers: readonly (readonly [Shape, number])[] = [
  [[1], 1],
  [[7], 1],
  [[257], 1],
  [[3, 5], 1],
  [[3, 5], 2],
  [[1, 13], 1],
  [[13, 1], 2],
  [[257, 3], 1],
  [[2, 3, 5], 1],
  [[2, 3, 5], 2],
  [[2, 3, 4, 5], 3],
  [[2, 3, 4, 5], 2],
  [[5, 2, 3, 4], 1],
  [[1, 1, 7, 11], 2],
  [[4, 129, 131], 1],
  [[3, 67, 61], 2],
  [[2, 20_011], 1],
  [[1031, 17], 1],
  [[2, 3, 2, 5, 7], 3],
  [[0, 5], 1],
];

const layerNorm: SampleTable = {
  op: "layer_norm",
  rows: [
    ...layers.map(([shape, last], i) => {
      const normalized_shape = shape.slice(-last);
      return row("layer_norm", `${show(shape)} over ${show(normalized_shape)} with ${pieces(i)}`, (d) => ({
        inputs: inputs(d, shape, normalized_shape, i),
        attrs: { normalized_shape, eps: eps(i) },
      }));
    }),
    ...[0, 2].map((i) =>
      row("layer_norm", `mean 1000, deviation 1, with ${pieces(i)}`, (d) => ({
        inputs: inputs(d, [11, 5, 67], [67], i, 998, 1002),
        attrs: { normalized_shape: [67], eps: eps(1) },
      })),
    ),
  ],
  errors: [
    refused("another shape", [[2, 6, 4]], { normalized_shape: [6], eps: 1e-5 }, "x is [2, 6, 4]", "is [6]"),
    refused("no shape", [[2, 6, 4]], { normalized_shape: [], eps: 1e-5 }, "layer_norm", "its last dimensions"),
    refused("weight of another shape", [[2, 6, 4], [4]], { normalized_shape: [6, 4], eps: 1e-5 }, "weight is [4]"),
  ],
};

export const rowNormSamples: readonly SampleTable[] = [groupNorm, instanceNorm, layerNorm];
