import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import type { Attrs } from "../common/ref.ts";
import { byChannel, type Cut, rowNorm } from "../common/reference/row-norm.ts";
import { refused, row, type SampleTable, show } from "../common/sample.ts";
import { eps, inputs, pieces } from "../common/samples/row-norm.ts";
import { rowNormRule } from "../common/tolerance/row-norm.ts";
import type { Situation } from "../common/tolerance.ts";
import { op as batchNorm } from "./batch-norm.ts";

type Shape = readonly number[];

const instanceBlocks: Cut = (x) => byChannel(x, 1);

const byImages = rowNorm(instanceBlocks);

const evaluation = (attrs: Attrs): Attrs => ({ ...attrs, training: false });

const imagesRule = rowNormRule(instanceBlocks);

const byRunning = (s: Situation): boolean => s.attrs.use_input_stats === false;

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

const samples: SampleTable = {
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
    refused("no image", [[2, 6]], { eps: 1e-5, use_input_stats: true }, "instanceNorm: x is [2, 6]"),
    refused("weight of another size", [[2, 6, 4], [3]], { eps: 1e-5, use_input_stats: true }, "make it [6]"),
  ],
};

export const op: OpTest = {
  name: "instance_norm",
  call: ([x, weight, bias, runningMean, runningVar], a) =>
    T.instanceNorm(x, { weight, bias, runningMean, runningVar, eps: a.eps, useInputStats: a.use_input_stats }),
  reference: {
    // Without the images' own statistics it is a batch norm by the running ones.
    forward: (inputs, attrs) =>
      attrs.use_input_stats === false
        ? batchNorm.reference.forward(inputs, evaluation(attrs))
        : byImages.forward(inputs, attrs),
    backward: (inputs, attrs, gradOut) =>
      attrs.use_input_stats === false
        ? batchNorm.reference.backward(inputs, evaluation(attrs), gradOut)
        : byImages.backward(inputs, attrs, gradOut),
  },
  samples,
  tolerance: {
    forward: (s) => (byRunning(s) ? batchNorm.tolerance : imagesRule).forward(s),
    grad: (s) => (byRunning(s) ? batchNorm.tolerance : imagesRule).grad(s),
  },
};
