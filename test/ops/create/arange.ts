import { ConfigError } from "../../../src/errors.ts";
import * as T from "../../../src/tensor/index.ts";
import { deviceOf, type OpTest } from "../common/op-test.ts";
import { numberOf, numberOr } from "../common/ref.ts";
import { made, makes, refusedMaking } from "../common/samples/create.ts";
import type { ToleranceRule } from "../common/tolerance.ts";

const lists: readonly (readonly [end: number, start?: number, step?: number])[] = [
  [0],
  [1],
  [7],
  [64],
  [257],
  [1031],
  [65_537],
  [5, 2],
  [2, 5, -1],
  [5, 5],
  [-3, 4, -2],
  [10, 0, 3],
  [11, 0, 3],
  [12, 0, 3],
  [13, 0, 3],
  [1, 0, 0.25],
  [1, 0, 0.1],
  [2.5],
  [-2.5, 1, -0.75],
  [1e6, 999_000, 17],
  [-0.5, -1, 0.125],
  [100, -100, 0.5],
];

const tolerance: ToleranceRule = {
  // A sum of two, start and i * step: sqrt(2) of the larger of them.
  forward({ attrs, want, u }) {
    const [start, step] = [numberOr(attrs, "start", 0), numberOr(attrs, "step", 1)];
    return want.data.map((_, i) => u * Math.SQRT2 * Math.max(Math.abs(start), Math.abs(i * step)));
  },
  grad: () => 0,
};

export const op: OpTest = {
  name: "arange",
  call: ([x], a) => T.arange(deviceOf(x), a.end, { start: a.start, step: a.step, dtype: x.dtype }),
  reference: makes((attrs) => {
    const [start, end, step] = [numberOr(attrs, "start", 0), numberOf(attrs, "end"), numberOr(attrs, "step", 1)];
    const data: number[] = [];
    for (let i = 0; step > 0 ? start + i * step < end : start + i * step > end; i++) data.push(start + i * step);
    return { shape: [data.length], data: Float64Array.from(data) };
  }),
  samples: {
    rows: lists.map(([end, start, step]) =>
      made("arange", { end, ...(start === undefined ? {} : { start }), ...(step === undefined ? {} : { step }) }),
    ),
    errors: [
      refusedMaking("a step of 0", { end: 3, step: 0 }, ConfigError, "arange", "step 0"),
      refusedMaking("the wrong way", { end: 3, step: -1 }, ConfigError, "arange", "-1", "away from 3"),
      refusedMaking("no end", { end: Number.POSITIVE_INFINITY }, ConfigError, "arange", "Infinity"),
    ],
  },
  creates: true,
  tolerance,
};
