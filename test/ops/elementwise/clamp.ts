import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { numberOr } from "../common/ref.ts";
import { unaryReference } from "../common/reference/unary.ts";
import { row } from "../common/sample.ts";
import { unaryTable } from "../common/samples/pointwise.ts";
import { exact } from "../common/tolerance/pointwise.ts";

const clampTable = unaryTable("clamp", (d, s) => d.apart(s, [-0.5, 0.75]), { min: -0.5, max: 0.75 });

export const op: OpTest = {
  name: "clamp",
  call: ([x], a) => T.clamp(x, a.min ?? -3.4e38, a.max ?? 3.4e38),
  reference: unaryReference({
    value: (x, attrs) => Math.min(Math.max(x, numberOr(attrs, "min", -Infinity)), numberOr(attrs, "max", Infinity)),
    slope: (x, attrs) => (x >= numberOr(attrs, "min", -Infinity) && x <= numberOr(attrs, "max", Infinity) ? 1 : 0),
  }),
  samples: {
    ...clampTable,
    rows: [
      ...clampTable.rows,
      row("clamp", "only min", (d) => ({ inputs: [d.apart([7, 11], [0.25])], attrs: { min: 0.25 } })),
      row("clamp", "only max", (d) => ({ inputs: [d.apart([7, 11], [0.25])], attrs: { max: 0.25 } })),
      row("clamp", "on the bounds", (d) => ({ inputs: [d.ties([9, 13])], attrs: { min: -0.5, max: 1 } }), true),
    ],
  },
  tolerance: exact,
};
