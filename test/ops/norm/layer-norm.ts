import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { numbersOf, sizeOf } from "../common/ref.ts";
import { type Cut, rowNorm } from "../common/reference/row-norm.ts";
import { refused, row, type SampleTable, show } from "../common/sample.ts";
import { eps, inputs, pieces } from "../common/samples/row-norm.ts";
import { rowNormRule } from "../common/tolerance/row-norm.ts";

type Shape = readonly number[];

const layerBlocks: Cut = (_, attrs) => {
  const length = sizeOf(numbersOf(attrs, "normalized_shape"));
  return { length, channel: (i) => i % length };
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

const samples: SampleTable = {
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

export const op: OpTest = {
  name: "layer_norm",
  call: ([x, weight, bias], a) => T.layerNorm(x, a.normalized_shape, { weight, bias, eps: a.eps }),
  reference: rowNorm(layerBlocks),
  samples,
  tolerance: rowNormRule(layerBlocks),
};
