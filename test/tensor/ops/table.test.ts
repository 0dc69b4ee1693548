import { describe, expect, test } from "vitest";
import * as T from "../../../src/tensor/index.ts";
import { testDevice } from "../../harness/device.ts";
import { functionOf } from "../../ops/common/op-test.ts";
import type { Ref } from "../../ops/common/ref.ts";
import { adapterClass, compare, tolerance } from "../../ops/common/tolerance.ts";
import { ops } from "../../ops/index.ts";

/**
 * checkOp over the whole table: for every row of every op the shape, the forward against float64, every gradient against
 * the float64 backward, the same bits at a second run, and no buffer left; and for every error row the class and message.
 */
const toTensor = async (r: Ref) => T.tensor(await testDevice(), Float32Array.from(r.data), r.shape);
const rounded = (r: Ref): Ref => ({ shape: r.shape, data: Float64Array.from(Float32Array.from(r.data)) });
const bits = (v: Float32Array) => new Uint32Array(v.buffer, v.byteOffset, v.length);

for (const op of Object.keys(ops)) {
  const { rows, errors: errorRows } = ops[op].samples;
  describe(op, () => {
    test(`${rows.length} rows agree with float64, forward and backward`, async () => {
      const device = await testDevice();
      const reference = ops[op].reference;
      const adapter = adapterClass(device.info);
      for (const row of rows) {
        const before = device.memory().liveBuffers;
        const { inputs: raw, attrs } = row.make();
        const inputs = raw.map(rounded);
        const want = reference.forward(inputs, attrs);
        const gradOut = rounded({ shape: want.shape, data: want.data.map((_, i) => Math.sin(1 + 0.7 * i)) });
        const grads = reference.backward(inputs, attrs, gradOut);
        const runs: Float32Array[][] = [];
        for (let pass = 0; pass < 2; pass++) {
          const xs: T.Tensor[] = [];
          for (const [i, r] of inputs.entries()) {
            const t = await toTensor(r);
            xs.push(grads[i] ? t.requireGrad() : t);
          }
          const y = T.tidy(() => ops[op].call(xs, { ...attrs }));
          expect(y.shape, row.name).toEqual(want.shape);
          const results = [await y.data()];
          const g = await toTensor(gradOut);
          if (grads.some((v) => v !== null)) y.backward(g);
          for (const [i, want] of grads.entries()) if (want) results.push(await xs[i].grad!.data());
          runs.push(results);
          for (const t of [...xs, y, g]) t.dispose();
        }
        runs[0].forEach((r, i) => {
          expect(bits(runs[1][i]), `${row.name}: second run, result ${i}`).toEqual(bits(r));
        });
        const check = (got: Float32Array, ref: Ref, which: "forward" | { grad: number; gradOut: Ref }): void => {
          const { worst, index } = compare(got, ref.data, tolerance(ops[op], attrs, inputs, ref, which, adapter));
          if (!(worst <= 1))
            throw new Error(
              `${row.name}, ${JSON.stringify(which === "forward" ? which : { grad: which.grad })}: at ${index} got ${got[index]}, want ${ref.data[index]}, ${worst} times the tolerance`,
            );
        };
        check(runs[0][0], want, "forward");
        let at = 1;
        grads.forEach((ref, i) => {
          if (ref) check(runs[0][at++], ref, { grad: i, gradOut });
        });
        expect(device.memory().liveBuffers, `${row.name}: buffers left`).toBe(before);
      }
    });

    test(`${errorRows.length} wrong calls are refused by class and message`, () => {
      for (const row of errorRows) {
        const { inputs, attrs } = row.make();
        const call = () =>
          ops[op].call(
            inputs.map((r) => T.Tensor.meta(r.shape)),
            { ...attrs },
          );
        const kind = row.errorClass;
        expect(call, row.name).toThrow(kind);
        // The op's name at the start stands for the function's: errors name what the user wrote.
        for (const part of row.messageIncludes)
          expect(call, row.name).toThrow(part.replace(new RegExp(`^${op}(?=$|:)`), functionOf(ops[op])));
      }
    });
  });
}
