import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { numberOf } from "../common/ref.ts";
import { byChannel, type Cut, rowNorm } from "../common/reference/row-norm.ts";
import { refused, row, type SampleTable, show } from "../common/sample.ts";
import { eps, inputs, pieces } from "../common/samples/row-norm.ts";
import { rowNormRule } from "../common/tolerance/row-norm.ts";

type Shape = readonly number[];

const groupBlocks: Cut = (x, attrs) => byChannel(x, x.shape[1] / numberOf(attrs, "num_groups"));

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

const samples: SampleTable = {
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
    refused("no channels", [[6]], { num_groups: 1, eps: 1e-5 }, "groupNorm: x is [6]"),
    refused("weight of another size", [[2, 6, 4], [3]], { num_groups: 3, eps: 1e-5 }, "weight is [3]", "make it [6]"),
    refused("bias of another size", [[2, 6, 4], [6], [2, 3]], { num_groups: 3, eps: 1e-5 }, "bias is [2, 3]"),
  ],
};

export const op: OpTest = {
  name: "group_norm",
  call: ([x, weight, bias], a) => T.groupNorm(x, a.num_groups, { weight, bias, eps: a.eps }),
  reference: rowNorm(groupBlocks),
  samples,
  tolerance: rowNormRule(groupBlocks),
};
