import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import type { Reference } from "../common/ref.ts";
import { given, taken } from "../common/reference/indexing.ts";
import { refused, row, type SampleTable, show } from "../common/sample.ts";
import { indices, lists } from "../common/samples/indexing.ts";
import { selectingRule } from "../common/tolerance/indexing.ts";

const reference: Reference = {
  forward: ([index, weight]) => taken("embedding", weight, index, {}, [...index.shape, weight.shape[1]]),
  backward: ([index, weight], _attrs, gradOut) => [null, given("embedding", weight.shape, index, {}, gradOut)],
};

const samples: SampleTable = {
  rows: lists.map((shape, i) => {
    const weight = [[7, 5][i % 2], [3, 1, 17, 64][i % 4]];
    return row("embedding", `${show(shape)} of ${show(weight)}`, (d) => ({
      inputs: [indices(d, shape, weight[0]), d.uniform(weight)],
      attrs: {},
    }));
  }),
  errors: [refused("weight of three dimensions", [[2], [2, 3, 4]], {}, "embedding", "[V, D]", "[2, 3, 4]")],
};

export const op: OpTest = {
  name: "embedding",
  call: ([i, w]) => T.embedding(T.cast(i, "i32"), w),
  reference,
  samples,
  tolerance: selectingRule("embedding", 1),
};
