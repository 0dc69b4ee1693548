import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { inOrder, spreadBack } from "../common/reference/sort.ts";
import { refused, row } from "../common/sample.ts";
import { along } from "../common/samples/indexing.ts";
import { exact } from "../common/tolerance/pointwise.ts";

/** attrs { axis, descending, places }: the values, or with `places` where they stood. */
export const op: OpTest = {
  name: "sort",
  call([x], a) {
    const { values, indices } = T.sort(x, a.axis, { descending: a.descending });
    return a.places ? T.cast(T.cast(indices, "f32"), x.dtype) : values;
  },
  reference: {
    forward([x], attrs) {
      const { shape, flat, along } = inOrder(x, attrs, attrs.descending === true);
      return attrs.places === true ? along : { shape, data: Float64Array.from(flat, (p) => x.data[p]) };
    },
    backward: ([x], attrs, gradOut) => [
      attrs.places === true ? null : spreadBack(x, inOrder(x, attrs, attrs.descending === true).flat, gradOut),
    ],
  },
  samples: {
    rows: [
      ...along(
        "sort",
        [
          [[0, 3], 1],
          [[3, 0], 1],
        ],
        (d, s) => d.distinct(s),
      ).rows.map(({ name, make }, i) => {
        const more = { descending: i % 2 === 1, places: i % 3 === 2 };
        return { name, make: () => ({ ...make(), attrs: { axis: make().attrs.axis, ...more } }) };
      }),
      ...[false, true].flatMap((descending) =>
        [false, true].map((places) =>
          row(
            "sort",
            `ties, ${descending ? "descending" : "ascending"}, ${places ? "places" : "values"}`,
            (d) => ({
              inputs: [d.ties([5, 170])],
              attrs: { axis: 1, descending, places },
            }),
            true,
          ),
        ),
      ),
    ],
    errors: [
      refused("no such axis", [[2, 3]], { axis: 2 }, "sort", "2"),
      refused("a scalar", [[]], { axis: 0 }, "sort", "scalar"),
    ],
  },
  tolerance: exact,
};
