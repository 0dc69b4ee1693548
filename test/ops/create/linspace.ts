import { ConfigError } from "../../../src/errors.ts";
import * as T from "../../../src/tensor/index.ts";
import { deviceOf, type OpTest } from "../common/op-test.ts";
import { numberOf } from "../common/ref.ts";
import { made, makes, refusedMaking } from "../common/samples/create.ts";
import type { ToleranceRule } from "../common/tolerance.ts";

const lists: readonly (readonly [start: number, end: number, steps: number])[] = [
  [0, 1, 0],
  [0, 1, 1],
  [3, 1, 1],
  [0, 1, 2],
  [0, 1, 3],
  [0, 1, 7],
  [0, 1, 64],
  [0, 1, 257],
  [-1, 1, 11],
  [-1, 1, 1031],
  [1, -1, 4],
  [5, 5, 6],
  [0, 10, 11],
  [0.125, 3.75, 5],
  [-7, -3, 9],
  [100, 101, 13],
  [1e6, 2e6, 5],
  [-3e38, 3e38, 3],
  [0, 65_536, 65_537],
  [1e-6, 2e-6, 5],
];

const tolerance: ToleranceRule = {
  // Two shares of the ends, rounded once from float64.
  forward: ({ attrs, u }) => u * Math.max(Math.abs(numberOf(attrs, "start")), Math.abs(numberOf(attrs, "end"))),
  grad: () => 0,
};

export const op: OpTest = {
  name: "linspace",
  call: ([x], a) => T.linspace(deviceOf(x), a.start, a.end, a.steps, x.dtype),
  reference: makes((attrs) => {
    const [start, end, steps] = ["start", "end", "steps"].map((name) => numberOf(attrs, name));
    const data = Float64Array.from({ length: steps }, (_, i) =>
      steps === 1 ? start : start + ((end - start) * i) / (steps - 1),
    );
    return { shape: [steps], data };
  }),
  samples: {
    rows: lists.map(([start, end, steps]) => made("linspace", { start, end, steps })),
    errors: [
      refusedMaking("half a step", { start: 0, end: 1, steps: 2.5 }, ConfigError, "linspace", "2.5"),
      refusedMaking("fewer than none", { start: 0, end: 1, steps: -1 }, ConfigError, "linspace", "-1"),
      refusedMaking("no end", { start: 0, end: Number.NaN, steps: 3 }, ConfigError, "linspace", "NaN"),
    ],
  },
  creates: true,
  tolerance,
};
