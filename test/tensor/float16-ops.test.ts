import { describe, expect, test } from "vitest";
import { floatsFromHalves, halvesFromFloats } from "../../src/half.ts";
import * as T from "../../src/tensor/index.ts";
import { testDevice } from "../harness/device.ts";
import type { Attrs, Ref } from "../ops/common/ref.ts";
import { peak } from "../ops/common/tolerance/sums.ts";
import { adapterClass, tolerance } from "../ops/common/tolerance.ts";
import { ops } from "../ops/index.ts";

/**
 * Every op of the table in float16, on its samples rounded to float16. A kernel works in float32 and rounds its result once:
 * so a result is right where it is the rounding of a number that lies within the op's float32 tolerance of the float64
 * reference. Rounding keeps the order, so that is where it lies between the roundings of both ends of the tolerance: exact
 * ops (tolerance 0) must give the rounded reference itself, and overflow and subnormals need no rule of their own.
 */
const device = await testDevice();
const round = (v: ArrayLike<number>): Float32Array => floatsFromHalves(halvesFromFloats(Float32Array.from(v)));
const toHalf = (r: Ref): Ref => ({ shape: r.shape, data: Float64Array.from(round(r.data)) });

/** Half of the last place of a half, over its size. */
const unit = 2 ** -11;
const rounded = (v: number): number => unit * Math.abs(v) + 2 ** -25;

/** Ops of several kernels with a float16 result between them: how much that one's rounding moves the last. */
const between: Record<string, (inputs: readonly Ref[], want: Ref, attrs: Attrs) => (i: number) => number> = {
  // The sums, then the bias.
  conv_transpose2d:
    ([, , bias], want) =>
    (i) =>
      bias ? rounded(Math.abs(want.data[i]) + peak(bias)) : 0,
  // Where a corner of x is added to: what it gains, then x.
  scatter_add:
    ([x], want) =>
    (i) =>
      rounded(Math.abs(want.data[i]) + Math.abs(x.data[i])),
};

/** Norms in training that keep running statistics, which float16 is refused. */
const movesStatistics = (op: string, xs: readonly T.Tensor[], attrs: Attrs): boolean =>
  op === "batch_norm"
    ? attrs.training === true
    : op === "instance_norm" && attrs.use_input_stats !== false && xs.length === 5;

/** Results that hold no floats of the inputs: a place, or made from integers alone. */
const wide = new Set(["argmax", "argmin", "one_hot"]);

if (device.features.has("shader-f16"))
  describe("float16", () => {
    const adapter = adapterClass(device.info);
    for (const op of Object.keys(ops)) {
      const { rows } = ops[op].samples;
      const every = Math.ceil(rows.length / 60); // conv_transpose2d has hundreds
      test(`${op} on its samples`, async () => {
        for (const row of rows.filter((_, i) => i % every === 0)) {
          const before = device.memory().liveBuffers;
          const { inputs: raw, attrs } = row.make();
          const inputs = raw.map(toHalf);
          const want = ops[op].reference.forward(inputs, attrs);
          const xs = inputs.map((r) => T.tensor(device, Float32Array.from(r.data), r.shape, "f16"));
          if (movesStatistics(op, xs, attrs)) {
            expect(() => ops[op].call(xs, { ...attrs }), row.name).toThrow(
              /running statistics are float16.*model\.eval\(\)/,
            );
            for (const t of xs) t.dispose();
            continue;
          }
          const y = T.tidy(() => ops[op].call(xs, { ...attrs }));
          expect(y.shape, row.name).toEqual(want.shape);
          if (!wide.has(op)) expect(y.dtype, row.name).toBe("f16");
          const got = await y.data();
          const allowed = tolerance(ops[op], attrs, inputs, want, "forward", adapter);
          const extra = between[op]?.(inputs, want, attrs);
          const slack = (i: number) => (typeof allowed === "number" ? allowed : allowed[i]) + (extra?.(i) ?? 0);
          const nearest = y.dtype === "f16" ? round : (v: Float64Array) => v;
          const low = nearest(want.data.map((v, i) => v - slack(i)));
          const high = nearest(want.data.map((v, i) => v + slack(i)));
          got.forEach((v, i) => {
            // Infinity is itself; the tolerance beside it is no number.
            const within = v === want.data[i] || (low[i] <= v && v <= high[i]);
            const right = Number.isNaN(want.data[i]) ? Number.isNaN(v) : within;
            if (!right)
              throw new Error(`${row.name}: at ${i} got ${v}, want ${want.data[i]}, that is ${low[i]} to ${high[i]}`);
          });
          for (const t of [...xs, y]) t.dispose();
          expect(device.memory().liveBuffers, `${row.name}: buffers left`).toBe(before);
        }
      });
    }
  });
else
  test("float16 is refused with the feature's name and the cure", () => {
    for (const make of [
      () => T.tensor(device, [1, 2], [2], "f16"),
      () => T.zeros(device, [2], "f16"),
      () => T.tidy(() => T.cast(T.zeros(device, [2]), "f16")),
    ]) {
      expect(make).toThrow("shader-f16");
      expect(make).toThrow("stay with f32");
    }
    // Shapes can be worked out without an adapter.
    expect(T.add(T.Tensor.meta([2], "f16"), T.Tensor.meta([2], "f16")).dtype).toBe("f16");
  });
