import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { broadcastMap, type Reference, zeros } from "../common/ref.ts";
import { together } from "../common/reference/compare.ts";
import { refused, row, type SampleTable, show } from "../common/sample.ts";
import { pairs } from "../common/samples/pointwise.ts";
import { meeting } from "../common/tolerance/indexing.ts";
import type { ToleranceRule } from "../common/tolerance.ts";

const reference: Reference = {
  forward([condition, a, b]) {
    const out = zeros(together(condition.shape, a.shape, b.shape));
    const [atC, atA, atB] = [condition, a, b].map((x) => broadcastMap(x.shape, out.shape));
    for (let i = 0; i < out.data.length; i++)
      out.data[i] = condition.data[atC[i]] !== 0 ? a.data[atA[i]] : b.data[atB[i]];
    return out;
  },
  backward([condition, a, b], _attrs, gradOut) {
    const [atC, atA, atB] = [condition, a, b].map((x) => broadcastMap(x.shape, gradOut.shape));
    const [ga, gb] = [zeros(a.shape), zeros(b.shape)];
    for (let i = 0; i < gradOut.data.length; i++) {
      if (condition.data[atC[i]] !== 0) ga.data[atA[i]] += gradOut.data[i];
      else gb.data[atB[i]] += gradOut.data[i];
    }
    return [null, ga, gb];
  },
};

const tolerance: ToleranceRule = {
  forward: () => 0,
  // Sums over what a side was broadcast to, of the gradients that were its own.
  grad({ inputs, input, want, gradOut, u }) {
    const condition = broadcastMap(inputs[0].shape, gradOut.shape);
    const own = gradOut.data.map((g, i) => ((inputs[0].data[condition[i]] !== 0) === (input === 1) ? g : 0));
    return meeting(own, broadcastMap(want.shape, gradOut.shape), want.data.length, u);
  },
};

/** Conditions beside a pair of shapes: of the result, of one side, a scalar, a new leading dimension. */
const conditions = (a: readonly number[], b: readonly number[], i: number): readonly number[] =>
  [a, b, [], [2, ...new Array<number>(Math.max(a.length, b.length)).fill(1)]][i % 4];

const samples: SampleTable = {
  rows: [...pairs, ...pairs].map(([a, b], i) => {
    const c = conditions(a, b, i < pairs.length ? i : i - pairs.length + 1);
    return row("where", `${show(c)} ${show(a)} ${show(b)} ${i}`, (d) => ({
      inputs: [d.zerosAndOnes(c, 0.5), d.uniform(a), d.uniform(b)],
      attrs: {},
    }));
  }),
  errors: [
    refused("a and b differ", [[2, 3], [2, 3], [4]], {}, "where", "3", "4"),
    refused("the condition differs", [[5], [2, 3], [3]], {}, "where", "condition", "[5]", "[2, 3]"),
  ],
};

export const op: OpTest = {
  name: "where",
  call: ([c, a, b]) => T.where(c, a, b),
  reference,
  samples,
  tolerance,
};
