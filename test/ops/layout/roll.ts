import * as T from "../../../src/tensor/index.ts";
import type { OpTest } from "../common/op-test.ts";
import { numbersOf } from "../common/ref.ts";
import { type Mover, moveBy, moving } from "../common/reference/layout.ts";
import { refused, row, type SampleTable, show } from "../common/sample.ts";
import { shapes, some } from "../common/samples/rearrange.ts";
import { exact } from "../common/tolerance/pointwise.ts";

const modulo = (a: number, n: number): number => ((a % n) + n) % n;

const roll: Mover = ([x], attrs) => {
  const shifts = numbersOf(attrs, "shifts");
  const axes = numbersOf(attrs, "axes").map((a) => modulo(a, x.length));
  return moveBy(x, [x], (index) => ({
    input: 0,
    at: index.map((i, d) => (axes.includes(d) ? modulo(i - shifts[axes.indexOf(d)], x[d]) : i)),
  }));
};

const samples: SampleTable = {
  rows: shapes.map((s, i) => {
    const axes = some(s, i);
    const shifts = axes.map((_, k) => [1, -2, 7, 0, -13][(i + k) % 5]);
    return row("roll", `${show(s)} ${axes} by ${shifts}`, (d) => ({ inputs: [d.uniform(s)], attrs: { shifts, axes } }));
  }),
  errors: [
    refused("a shift missing", [[2, 3]], { shifts: [1], axes: [0, 1] }, "roll", "[0, 1]"),
    refused("no such axis", [[2, 3]], { shifts: [1], axes: [-3] }, "-3"),
  ],
};

export const op: OpTest = {
  name: "roll",
  call: ([x], a) => T.roll(x, a.shifts, a.axes),
  reference: moving(roll),
  samples,
  tolerance: exact,
};
