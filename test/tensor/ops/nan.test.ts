/** NaN through what reduces, compares and bends: WGSL may assume that there is none, so each op has to see to it. */
import { beforeAll, describe, expect, test } from "vitest";
import type { Device } from "../../../src/device/index.ts";
import * as T from "../../../src/tensor/index.ts";
import { testDevice } from "../../harness/device.ts";

let device: Device;
beforeAll(async () => {
  device = await testDevice();
});

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
const run = async (f: () => T.Tensor): Promise<number[]> => {
  const y = T.tidy(f);
  const out = [...(y.dtype === "f32" ? await y.data() : await y.integers())];
  y.dispose();
  return out;
};

/** Rows [rows, length] of small whole numbers; row r has a NaN at place places[r], or none (-1). */
const places = (length: number): number[] => [-1, 0, length - 1, length >> 1, -1, Math.min(1, length - 1)];
const rowsOf = (length: number): Float32Array =>
  Float32Array.from(places(length).flatMap((at) => Array.from({ length }, (_, i) => (i === at ? nan : (i * 7) % 5))));

describe.each([1, 2, 5, 64, 65, 300, 5000])("rows of %d", (length) => {
  const wanted = places(length).map((at) => at >= 0);
  const ops = {
    sum: T.sum,
    mean: T.mean,
    max: T.max,
    min: T.min,
    variance: (x: T.Tensor, axes: readonly number[]) => T.variance(x, axes, { correction: 0 }),
  };

  test.each(Object.keys(ops) as (keyof typeof ops)[])("%s: NaN where the row holds one, else a number", async (op) => {
    const data = rowsOf(length);
    const across = await run(() => ops[op](T.tensor(device, data, [wanted.length, length]), [-1]));
    expect(across.map(Number.isNaN)).toEqual(wanted);
    const down = await run(() => ops[op](T.permute(T.tensor(device, data, [wanted.length, length]), [1, 0]), [0]));
    expect(down.map(Number.isNaN)).toEqual(wanted);
    const all = await run(() => ops[op](T.tensor(device, data), [0]));
    expect(all.map(Number.isNaN)).toEqual([true]);
  });

  test("argmax and argmin give the first NaN, as PyTorch does, else the first of equals", async () => {
    const data = rowsOf(length);
    const x = () => T.tensor(device, data, [wanted.length, length]);
    const first = places(length).map((at) => (at >= 0 ? at : undefined));
    const row = Array.from({ length }, (_, i) => (i * 7) % 5);
    expect(await run(() => T.argmax(x(), 1))).toEqual(first.map((at) => at ?? row.indexOf(Math.max(...row))));
    expect(await run(() => T.argmin(x(), -1))).toEqual(first.map((at) => at ?? row.indexOf(Math.min(...row))));
    const two = data.slice();
    two.fill(nan, length - Math.min(2, length), length); // the last two of row 0
    expect((await run(() => T.argmax(T.tensor(device, two, [wanted.length, length]), 1)))[0]).toBe(
      length - Math.min(2, length),
    );
  });
});

test("argmax of infinities", async () => {
  const x = () => T.tensor(device, [-inf, -inf, inf, inf, -inf, 3, -0, 0, 0], [3, 3]);
  expect(await run(() => T.argmax(x(), 1))).toEqual([2, 0, 0]);
  expect(await run(() => T.argmin(x(), 1))).toEqual([0, 1, 0]);
});

test("cumsum is NaN from the NaN on", async () => {
  const data = Float32Array.from({ length: 700 }, (_, i) => (i === 333 ? nan : 1));
  const got = await run(() => T.cumsum(T.tensor(device, data), 0));
  expect(got).toEqual(Array.from({ length: 700 }, (_, i) => (i < 333 ? i + 1 : nan)));
});

test("comparisons are those of IEEE, for every pair of what is special", async () => {
  const values = [nan, -inf, -1.5, -0, 0, 1.5, inf];
  const a = values.flatMap((v) => values.map(() => v));
  const b = values.flatMap(() => values);
  const rules: [string, typeof T.eq, (x: number, y: number) => boolean][] = [
    ["eq", T.eq, (x, y) => x === y],
    ["ne", T.ne, (x, y) => x !== y],
    ["lt", T.lt, (x, y) => x < y],
    ["le", T.le, (x, y) => x <= y],
    ["gt", T.gt, (x, y) => x > y],
    ["ge", T.ge, (x, y) => x >= y],
  ];
  for (const [name, op, rule] of rules) {
    const want = a.map((v, i) => Number(rule(v, b[i])));
    expect(await run(() => op(T.tensor(device, a), T.tensor(device, b))), name).toEqual(want);
    const [column, line] = [
      [7, 1],
      [1, 7],
    ];
    const spread = () => op(T.tensor(device, values, column), T.tensor(device, values, line));
    expect(await run(spread), `${name}, broadcast`).toEqual(want);
    for (const number of [1.5, nan, 0])
      expect(await run(() => op(T.tensor(device, values), number)), `${name}, a number`).toEqual(
        values.map((v) => Number(rule(v, number))),
      );
  }
});

test("curves hand NaN on, and have their limits", async () => {
  const at = [nan, -inf, inf];
  const curve = (f: (x: T.Tensor) => T.Tensor) => run(() => f(T.tensor(device, at)));
  expect(await curve(T.sign)).toEqual([nan, -1, 1]);
  expect(await curve(T.sin)).toEqual([nan, nan, nan]);
  expect(await curve(T.cos)).toEqual([nan, nan, nan]);
  expect(await curve((x) => T.elu(x, 2))).toEqual([nan, -2, inf]);
  expect(await curve(T.gelu)).toEqual([nan, nan, inf]); // -inf times 0, as PyTorch has it
  expect((await curve((x) => T.gelu(x, { approximate: "tanh" })))[0]).toBeNaN();
  expect(await curve((x) => T.hardStep(x, 1))).toEqual([0, 0, 1]);
  expect((await curve(T.rsqrt))[0]).toBeNaN();
});

test("where takes a NaN condition for true, and what it leaves out leaves no trace", async () => {
  const c = T.tensor(device, [1, 0, nan, -0, 1e-40]);
  const a = T.tensor(device, [1, nan, 3, nan, 5]).requireGrad();
  const b = T.tensor(device, [nan, 20, nan, 40, nan]).requireGrad();
  const y = T.where(c, a, b);
  expect([...(await y.data())]).toEqual([1, 20, 3, 40, 5]);
  y.backward(T.tensor(device, [1, 2, nan, 4, 5]));
  expect([...(await a.grad!.data())]).toEqual([1, 0, nan, 0, 5]);
  expect([...(await b.grad!.data())]).toEqual([0, 2, 0, 4, 0]);
  const numbers = T.where(c, 7, b);
  expect([...(await numbers.data())]).toEqual([7, 20, 7, 40, 7]);
  for (const t of [c, a, b, y, numbers]) t.dispose();
});
