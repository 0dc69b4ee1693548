import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { numberOf, type Reference, zeros } from "../common/ref.ts";
import { anyShapes, row, show } from "../common/sample.ts";
import { products } from "../common/tolerance/pointwise.ts";

/** y = x * mask / (1 - p). Drawing the mask is the op's own affair; what it does with one is not. */
const reference: Reference = {
  forward([x, mask], attrs) {
    const keep = 1 - numberOf(attrs, "p");
    const out = zeros(x.shape);
    for (let i = 0; i < x.data.length; i++) out.data[i] = (x.data[i] * mask.data[i]) / keep;
    return out;
  },
  backward([x, mask], attrs, gradOut) {
    const keep = 1 - numberOf(attrs, "p");
    const gx = zeros(x.shape);
    for (let i = 0; i < x.data.length; i++) gx.data[i] = (gradOut.data[i] * mask.data[i]) / keep;
    return [gx, null];
  },
};

const dropoutRows = anyShapes.map((shape, i) => {
  const p = [0.5, 0.25, 0.1, 0][i % 4];
  return row("dropout", `${show(shape)} p ${p}`, (d) => ({
    inputs: [d.uniform(shape), d.zerosAndOnes(shape, 1 - p)],
    attrs: { p: Math.fround(p) },
  }));
});

export const op: OpTest = {
  name: "dropout",
  // PyTorch's mask cannot be drawn here: the samples give it. The op's own mask has tests of its own.
  call: ([x, m], a) => T.mul(x, T.mul(m, 1 / (1 - a.p))),
  reference,
  samples: { rows: dropoutRows, errors: [] },
  tolerance: products,
};
