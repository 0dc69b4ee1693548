import { ConfigError } from "../../../src/errors.ts";
import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { type Attrs, numberOf, type Ref } from "../common/ref.ts";
import { inOrder, spreadBack } from "../common/reference/sort.ts";
import { refused, row, show } from "../common/sample.ts";
import { exact } from "../common/tolerance/pointwise.ts";

const first = (x: Ref, attrs: Attrs) => inOrder(x, attrs, attrs.largest !== false, numberOf(attrs, "k"));

const cases: readonly (readonly [shape: readonly number[], axis: number, k: number])[] = [
  [[1], 0, 1],
  [[7], 0, 3],
  [[7], 0, 0],
  [[7], -1, 7],
  [[257], 0, 10],
  [[1031], 0, 1],
  [[3, 5], 0, 2],
  [[3, 5], 1, 4],
  [[1, 13], 1, 5],
  [[1, 13], 0, 1],
  [[13, 1], 0, 2],
  [[2, 3, 5], 1, 2],
  [[2, 3, 5], -3, 1],
  [[4, 1, 7], 1, 1],
  [[2, 3, 4, 5], 2, 3],
  [[2, 3, 4, 5], -1, 2],
  [[1, 1, 11, 13], 2, 6],
  [[2, 3, 2, 3, 2], 3, 2],
  [[523, 3], 0, 100],
  [[2, 307, 5], 1, 20],
  [[70_001], 0, 17],
  [[0, 3], 1, 2],
  [[3, 0], 1, 0],
];

/** attrs { k, axis, largest, places }: the values, or with `places` where they stood. */
export const op: OpTest = {
  name: "topk",
  call([x], a) {
    const { values, indices } = T.topk(x, a.k, a.axis, { largest: a.largest });
    return a.places ? T.cast(T.cast(indices, "f32"), x.dtype) : values;
  },
  reference: {
    forward([x], attrs) {
      const { shape, flat, along } = first(x, attrs);
      return attrs.places === true ? along : { shape, data: Float64Array.from(flat, (p) => x.data[p]) };
    },
    backward: ([x], attrs, gradOut) => [attrs.places === true ? null : spreadBack(x, first(x, attrs).flat, gradOut)],
  },
  samples: {
    rows: cases.map(([shape, axis, k], i) =>
      row("topk", `${k} of ${show(shape)} axis ${axis}`, (d) => ({
        inputs: [d.distinct(shape)],
        attrs: { k, axis, ...(i % 2 === 1 ? { largest: false } : {}), places: i % 3 === 2 },
      })),
    ),
    errors: [
      refused("more than there are", [[2, 3]], { k: 4, axis: 1 }, "topk", "4", "[2, 3]"),
      refused("no such axis", [[2, 3]], { k: 1, axis: 2 }, "topk", "2"),
      { ...refused("half of one", [[2, 3]], { k: 1.5, axis: 1 }, "topk", "1.5"), errorClass: ConfigError },
    ],
  },
  tolerance: exact,
};
