import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { type Reference, zeros } from "../common/ref.ts";
import { refused, row } from "../common/sample.ts";
import { products } from "../common/tolerance/pointwise.ts";
import { peak } from "../common/tolerance/sums.ts";

const reference: Reference = {
  forward: ([a, b]) => ({
    shape: [a.data.length, b.data.length],
    data: Float64Array.from(Array.from(a.data).flatMap((v) => Array.from(b.data, (w) => v * w))),
  }),
  backward([a, b], _, gradOut) {
    const [ga, gb] = [zeros(a.shape), zeros(b.shape)];
    a.data.forEach((v, i) => {
      b.data.forEach((w, j) => {
        const g = gradOut.data[i * b.data.length + j];
        ga.data[i] += g * w;
        gb.data[j] += g * v;
      });
    });
    return [ga, gb];
  },
};

const sizes: readonly (readonly [number, number])[] = [
  [0, 3],
  [3, 0],
  [1, 1],
  [1, 7],
  [7, 1],
  [2, 3],
  [3, 2],
  [4, 4],
  [5, 11],
  [13, 3],
  [16, 16],
  [17, 31],
  [64, 3],
  [3, 64],
  [1, 257],
  [257, 1],
  [65, 67],
  [128, 128],
  [1031, 3],
  [211, 307],
];

export const op: OpTest = {
  name: "outer",
  call: ([a, b]) => T.outer(a, b),
  reference,
  samples: {
    rows: sizes.map(([n, m]) =>
      row("outer", `${n} ${m}`, (d) => ({ inputs: [d.uniform([n]), d.uniform([m])], attrs: {} })),
    ),
    errors: [refused("a matrix", [[2, 3], [3]], {}, "outer", "[2, 3]", "flatten")],
  },
  tolerance: {
    forward: products.forward,
    // A sum of as many products as the other has entries.
    grad: ({ inputs, input, gradOut, u }) => {
      const other = inputs[1 - input];
      return u * Math.sqrt(other.data.length) * peak(other) * peak(gradOut);
    },
  },
};
