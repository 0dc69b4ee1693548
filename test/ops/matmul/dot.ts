import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { type Reference, zeros } from "../common/ref.ts";
import { refused, row } from "../common/sample.ts";
import { products } from "../common/tolerance/pointwise.ts";
import { peak } from "../common/tolerance/sums.ts";

const reference: Reference = {
  forward([a, b]) {
    const out = zeros([]);
    a.data.forEach((v, i) => {
      out.data[0] += v * b.data[i];
    });
    return out;
  },
  backward: ([a, b], _, gradOut) =>
    [b, a].map(({ shape, data }) => ({ shape, data: data.map((v) => v * gradOut.data[0]) })),
};

const lengths = [0, 1, 2, 3, 4, 5, 7, 8, 13, 16, 31, 64, 65, 127, 256, 257, 523, 1031, 4099, 65_537];

export const op: OpTest = {
  name: "dot",
  call: ([a, b]) => T.dot(a, b),
  reference,
  samples: {
    rows: lengths.map((n) => row("dot", `${n}`, (d) => ({ inputs: [d.uniform([n]), d.uniform([n])], attrs: {} }))),
    errors: [
      refused("two lengths", [[3], [4]], {}, "dot", "[3]", "[4]"),
      refused("a matrix", [[2, 3], [3]], {}, "dot", "[2, 3]", "matmul"),
    ],
  },
  // A sum of K products.
  tolerance: {
    forward: ({ inputs: [a, b], u }) => u * Math.sqrt(a.data.length) * peak(a) * peak(b),
    grad: products.grad,
  },
};
