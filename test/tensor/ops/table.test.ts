import { describe, expect, test } from "vitest";
import * as L from "../../../src/landmarks/ops/index.ts";
import * as T from "../../../src/tensor/index.ts";
import { unaryTable } from "../../../src/tensor/ops/elementwise/elementwise-table.ts";
import { testDevice } from "../../harness/device.ts";
import { opTable } from "../../harness/op-table.ts";
import { adapterClass, compare, tolerance } from "../../harness/tolerance.ts";
import { type Ref, references } from "../../reference/index.ts";
import { samples } from "../../samples/index.ts";

/**
 * checkOp over the whole table: for every row of every op the shape, the forward against float64, every gradient against
 * the float64 backward, the same bits at a second run, and no buffer left; and for every error row the class and message.
 */
const toTensor = async (r: Ref) => T.tensor(await testDevice(), Float32Array.from(r.data), r.shape);
const rounded = (r: Ref): Ref => ({ shape: r.shape, data: Float64Array.from(Float32Array.from(r.data)) });
const bits = (v: Float32Array) => new Uint32Array(v.buffer, v.byteOffset, v.length);

for (const op of Object.keys(samples)) {
  const { rows, errors: errorRows } = samples[op];
  describe(op, () => {
    test(`${rows.length} rows agree with float64, forward and backward`, async () => {
      const device = await testDevice();
      expect(rows.length).toBeGreaterThanOrEqual(20);
      const reference = references[op];
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
          const y = T.tidy(() => opTable[op](xs, { ...attrs }));
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
          const { worst, index } = compare(got, ref.data, tolerance(op, attrs, inputs, ref, which, adapter));
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
      if (!(op in unaryTable) && op !== "dropout") expect(errorRows.length).toBeGreaterThan(0); // elementwise on one tensor takes any shape
      for (const row of errorRows) {
        const { inputs, attrs } = row.make();
        const call = () =>
          opTable[op](
            inputs.map((r) => T.Tensor.meta(r.shape)),
            { ...attrs },
          );
        const kind = row.errorClass;
        expect(call, row.name).toThrow(kind);
        for (const part of [row.messageIncludes].flat()) expect(call, row.name).toThrow(part);
      }
    });
  });
}

describe("the table is complete", () => {
  // Exports of the tensor floor and of the landmarks' ops that are no ops of the table, each with its reason.
  const noOps: Record<string, string> = {
    apply: "runs ops",
    backward: "runs gradients",
    observeOps: "tells of ops",
    keep: "lives",
    noGrad: "lives",
    isGradEnabled: "lives",
    foldBatchNorm: "two results, tested in nn/fuse.test.ts",
    scope: "lives",
    tidy: "lives",
    recordStep: "runs a step again",
    leaks: "lives",
    Rng: "random numbers",
    fromNdarray: "the edge",
    toNdarray: "the edge",
    Tensor: "the type",
    tensor: "from numbers",
    zeros: "from numbers",
    full: "from numbers",
    show: "shapes",
    sizeOf: "shapes",
    transpose: "permute, tested in layout",
    argmax2d: "decode, without a gradient",
    connectedComponents: "components.test.ts, without a gradient",
    decodeCentroids: "components.test.ts, without a gradient",
    decodeHeatmaps: "decode, without a gradient",
    cast: "dtypes, tested in indexing.test.ts",
  };
  const camel = (name: string): string => name.replace(/_(\w)/g, (_, c: string) => c.toUpperCase());
  const renamed: Record<string, string> = { spatial_softmax_ce: "spatialSoftmaxCrossEntropy" };

  test("every exported op has samples, a reference and a line", () => {
    const known = new Set(Object.keys(opTable).map((n) => renamed[n] ?? camel(n)));
    for (const name of [...Object.keys(T), ...Object.keys(L)])
      expect(known.has(name) || name in noOps, `${name} is exported and has no samples`).toBe(true);
    for (const op of Object.keys(opTable)) {
      expect(references[op], op).toBeDefined();
      expect(samples[op], op).toBeDefined();
    }
    expect(Object.keys(samples).sort()).toEqual(Object.keys(opTable).sort());
  });
});
