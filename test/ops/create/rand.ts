import { ShapeError } from "../../../src/errors.ts";
import { Random } from "../../../src/random.ts";
import * as T from "../../../src/tensor/index.ts";
import { deviceOf, type OpTest } from "../common/op-test.ts";
import { numbersOf, sizeOf } from "../common/ref.ts";
import { anyShapes } from "../common/sample.ts";
import { made, makes, refusedMaking } from "../common/samples/create.ts";
import { products } from "../common/tolerance/pointwise.ts";

/** The stream of a key from its start; attrs { shape, key }. */
export const op: OpTest = {
  name: "rand",
  call: ([x], a) => {
    const y = T.rand(deviceOf(x), a.shape, new T.Rng({ key: a.key, drawn: 0 }));
    return T.cast(y, x.dtype); // numbers are drawn in float32
  },
  reference: makes((attrs) => {
    const shape = numbersOf(attrs, "shape");
    const random = new Random({ key: numbersOf(attrs, "key") as [number, number], drawn: 0 });
    return { shape, data: Float64Array.from({ length: sizeOf(shape) }, () => random.uniform()) };
  }),
  samples: {
    rows: anyShapes.map((shape, i) => made("rand", { shape, key: [0x9e3779b9 + i, 0xfffffff1 - i] })),
    errors: [refusedMaking("a negative size", { shape: [2, -1], key: [1, 2] }, ShapeError, "rand", "[2, -1]")],
  },
  creates: true,
  // Rounded once.
  tolerance: products,
};
