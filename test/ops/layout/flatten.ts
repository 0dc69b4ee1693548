import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { numberOr, sizeOf } from "../common/ref.ts";
import { type Mover, moving } from "../common/reference/layout.ts";
import { refused, row, type SampleTable, show } from "../common/sample.ts";
import { exact } from "../common/tolerance/pointwise.ts";

type Shape = readonly number[];

/** attrs { start, end }, both left out at times. */
const flatten: Mover = ([x], attrs) => {
  const at = (name: string, fallback: number): number => {
    const axis = numberOr(attrs, name, fallback);
    return axis < 0 ? axis + x.length : axis;
  };
  const [start, end] = [at("start", 0), at("end", -1)];
  const shape = x.length === 0 ? [1] : [...x.slice(0, start), sizeOf(x.slice(start, end + 1)), ...x.slice(end + 1)];
  const place = Int32Array.from({ length: sizeOf(x) }, (_, i) => i);
  return { shape, input: place.map(() => 0), place };
};

const cases: readonly (readonly [Shape, start?: number, end?: number])[] = [
  [[]],
  [[1]],
  [[7]],
  [[7], 0, 0],
  [[3, 5]],
  [[3, 5], 1],
  [[3, 5], -1],
  [[3, 5], 0, 0],
  [[1, 13]],
  [[2, 3, 5]],
  [[2, 3, 5], 1],
  [[2, 3, 5], 0, 1],
  [[2, 3, 5], -2, -1],
  [[2, 3, 4, 5]],
  [[2, 3, 4, 5], 1],
  [[2, 3, 4, 5], 1, 2],
  [[2, 3, 4, 5], 2, -1],
  [[2, 3, 2, 3, 2], 1, 3],
  [[1, 1, 1, 1], 1, 2],
  [[4, 129, 131], 1],
  [[0, 3]],
  [[2, 0, 3], 1],
];

const samples: SampleTable = {
  rows: cases.map(([s, start, end]) =>
    row("flatten", `${show(s)} ${start} ${end}`, (d) => ({
      inputs: [d.uniform(s)],
      attrs: { ...(start === undefined ? {} : { start }), ...(end === undefined ? {} : { end }) },
    })),
  ),
  errors: [
    refused("the end before the start", [[2, 3]], { start: 1, end: 0 }, "flatten", "start 1", "end 0", "[2, 3]"),
    refused("no such axis", [[2, 3]], { start: 2 }, "flatten", "2"),
  ],
};

export const op: OpTest = {
  name: "flatten",
  call: ([x], a) => T.flatten(x, a.start, a.end),
  reference: moving(flatten),
  samples,
  tolerance: exact,
};
