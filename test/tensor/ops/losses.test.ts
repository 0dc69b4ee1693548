import { beforeAll, describe, expect, it } from "vitest";
import type { Device } from "../../../src/device/index.ts";
import { ConfigError, ShapeError } from "../../../src/errors.ts";
import { spatialSoftmaxCrossEntropy } from "../../../src/landmarks/index.ts";
import {
  binaryCrossEntropyWithLogits,
  mseLoss,
  type Reduction,
  smoothL1Loss,
  Tensor,
  tensor,
  tidy,
} from "../../../src/tensor/index.ts";
import { checkAgainstReference, expectClose, normals } from "../../harness/check.ts";
import { testDevice } from "../../harness/device.ts";
import type { Ref } from "../../ops/common/ref.ts";

let device: Device;
beforeAll(async () => {
  device = await testDevice();
});

const shapes = [[1], [7, 11], [2, 3, 17, 19], [3, 5, 61, 67]];
const reductions: Reduction[] = ["mean", "sum", "none"];
const unit = (x: Ref): Ref => ({ ...x, data: x.data.map((v) => Math.fround(1 / (1 + Math.exp(-3 * v)))) });
const count = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
const load = (r: Ref): Tensor => tensor(device, Float32Array.from(r.data), r.shape);

describe("mseLoss and bceWithLogits", () => {
  for (const shape of shapes)
    for (const reduction of reductions) {
      // A sum of n terms of about this size, or one term.
      const n = reduction === "sum" ? count(shape) : 1;
      it(`mseLoss of [${shape}], ${reduction}`, async () => {
        const inputs = [normals("a", shape), normals("b", shape)];
        const run = ([a, b]: Tensor[]) => mseLoss(a, b, { reduction });
        await checkAgainstReference(device, {
          op: "mse_loss",
          attrs: { reduction },
          inputs,
          run,
          terms: n,
          scale: 20,
          gradTerms: 1,
          gradScale: 20,
        });
      });
      it(`bceWithLogits of [${shape}], ${reduction}`, async () => {
        const inputs = [normals("z", shape, 20), unit(normals("y", shape))];
        const run = ([z, y]: Tensor[]) => binaryCrossEntropyWithLogits(z, y, { reduction });
        const limits = { terms: n, scale: 60, gradTerms: 1, gradScale: 4 };
        await checkAgainstReference(device, {
          op: "bce_with_logits",
          attrs: { reduction },
          inputs,
          run,
          constants: [1],
          ...limits,
        });
      });
    }

  it("let no NaN pass unseen", async () => {
    const a = normals("a", [1, 1, 7, 11]);
    a.data[50] = Number.NaN;
    const b = unit(normals("b", [1, 1, 7, 11]));
    const losses = tidy(() =>
      [mseLoss, binaryCrossEntropyWithLogits, smoothL1Loss, spatialSoftmaxCrossEntropy].map((f) => f(load(a), load(b))),
    );
    for (const t of losses) expect(await t.item()).toBe(Number.NaN);
    for (const t of losses) t.dispose();
  });

  it("say what does not fit; the mean of nothing is NaN", async () => {
    expect(() => mseLoss(Tensor.meta([2, 3]), Tensor.meta([3]))).toThrow(
      new ShapeError("mseLoss: the prediction is [2, 3] and the target [3]; make them equal (losses do not broadcast)"),
    );
    expect(() =>
      binaryCrossEntropyWithLogits(Tensor.meta([2]), Tensor.meta([2]), { reduction: "max" as Reduction }),
    ).toThrow(ConfigError);
    const t = tidy(() => mseLoss(tensor(device, [], [0]), tensor(device, [], [0])));
    expect(await t.item()).toBe(Number.NaN);
    t.dispose();
  });
});

describe("smoothL1", () => {
  for (const beta of [1, 0.25, 0])
    for (const reduction of reductions)
      it(`beta = ${beta}, ${reduction}`, async () => {
        const [a, b] = [normals("a", [3, 5, 17, 19]), normals("b", [3, 5, 17, 19])];
        const n = reduction === "mean" ? a.data.length : 1;
        const d = a.data.map((v, i) => v - b.data[i]);
        const terms = d.map((v) => (Math.abs(v) < beta ? (0.5 * v * v) / beta : Math.abs(v) - 0.5 * beta) / n);
        const slopes = d.map((v) => (Math.abs(v) < beta ? v / beta : Math.sign(v)) / n);
        const before = device.memory().liveBuffers;
        const [loss, da, db] = tidy(() => {
          const [x, y] = [load(a).requireGrad(), load(b).requireGrad()];
          const loss = smoothL1Loss(x, y, { beta, reduction });
          loss.backward(
            reduction === "none"
              ? tensor(device, new Float32Array(a.data.length).fill(2), a.shape)
              : tensor(device, [2], []),
          );
          return [loss.detach(), x.grad!.detach(), y.grad!.detach()];
        });
        const want = reduction === "none" ? terms : [terms.reduce((s, v) => s + v, 0)];
        expectClose("value", await loss.data(), want, reduction === "sum" ? 1e-5 * Math.sqrt(a.data.length) * 4 : 1e-5);
        expectClose(
          "gradient of a",
          await da.data(),
          slopes.map((v) => 2 * v),
          1e-5,
        );
        expectClose(
          "gradient of b",
          await db.data(),
          slopes.map((v) => -2 * v),
          1e-5,
        );
        for (const t of [loss, da, db]) t.dispose();
        expect(device.memory().liveBuffers).toBe(before);
      });

  it("refuses a negative beta", () => {
    expect(() => smoothL1Loss(Tensor.meta([2]), Tensor.meta([2]), { beta: -1 })).toThrow(
      new ConfigError("beta", "smoothL1Loss: beta is -1; give a number of at least 0"),
    );
  });
});

describe("spatialSoftmaxCrossEntropy", () => {
  /** Squares, divided by their sum in each map. */
  const normalized = (y: Ref): Ref => {
    const size = y.shape[2] * y.shape[3];
    const data = y.data.map((v) => v * v);
    for (let at = 0; at < data.length; at += size) {
      const map = data.subarray(at, at + size);
      const total = map.reduce((a, b) => a + b, 0);
      map.forEach((v, i) => {
        map[i] = Math.fround(v / total);
      });
    }
    return { ...y, data };
  };
  for (const [shape, deviation, offset] of [
    [[1, 1, 5, 7], 1, 0],
    [[2, 3, 13, 29], 4, 0],
    [[3, 5, 61, 67], 1, 0],
    [[1, 2, 128, 96], 20, 0],
    [[7, 19, 3, 5], 1, 300],
  ] as const)
    it(`[${shape}], logits ${offset} +- ${deviation}`, async () => {
      const inputs = [normals("z", shape, deviation, offset), normalized(normals("y", shape))];
      const run = ([z, y]: Tensor[]) => spatialSoftmaxCrossEntropy(z, y);
      const limits = { terms: 1, scale: 10 + 4 * deviation, gradTerms: 1, gradScale: 4 / (shape[0] * shape[1]) };
      await checkAgainstReference(device, {
        op: "spatial_softmax_ce",
        attrs: {},
        inputs,
        run,
        constants: [1],
        ...limits,
      });
    });

  it("divides each target by its sum, and leaves out maps without one", async () => {
    const z = normals("z", [1, 3, 4, 5]);
    const y = normalized(normals("y", [1, 3, 4, 5]));
    const data = y.data.map((v, i) => (i < 20 ? 8 * v : i < 40 ? 0 : v));
    const run = (maps: number[], target: Float64Array): Tensor[] =>
      tidy(() => {
        const pick = (d: Float64Array): Float32Array =>
          Float32Array.from(maps.flatMap((m) => [...d.subarray(20 * m, 20 * m + 20)]));
        const logits = tensor(device, pick(z.data), [1, maps.length, 4, 5]).requireGrad();
        const loss = spatialSoftmaxCrossEntropy(logits, tensor(device, pick(target), [1, maps.length, 4, 5]));
        loss.backward();
        return [loss.detach(), logits.grad!.detach()];
      });
    const [loss, grad] = run([0, 1, 2], data);
    const [wanted, wantedGrad] = run([0, 2], y.data);
    expectClose("loss", await loss.data(), await wanted.data(), 1e-6);
    const g = await wantedGrad.data();
    expectClose(
      "gradient",
      await grad.data(),
      [...g.subarray(0, 20), ...new Float32Array(20), ...g.subarray(20)],
      1e-6,
    );
    const [nothing, none] = run([1], data);
    expect([await nothing.item(), ...(await none.data())]).toEqual(new Array(21).fill(0));
    for (const t of [loss, grad, wanted, wantedGrad, nothing, none]) t.dispose();
  });

  it("says what does not fit", () => {
    expect(() => spatialSoftmaxCrossEntropy(Tensor.meta([1, 2, 3, 4]), Tensor.meta([1, 2, 4, 3]))).toThrow(
      /the prediction is \[1, 2, 3, 4\] and the target \[1, 2, 4, 3\]/,
    );
    expect(() => spatialSoftmaxCrossEntropy(Tensor.meta([2, 3, 4]), Tensor.meta([2, 3, 4]))).toThrow(
      /spatialSoftmaxCrossEntropy: the heat-maps are \[2, 3, 4\]/,
    );
  });
});
