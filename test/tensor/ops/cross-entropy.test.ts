import { describe, expect, it } from "vitest";
import { ShapeError } from "../../../src/errors.ts";
import { spatialSoftmaxCrossEntropy } from "../../../src/landmarks/index.ts";
import { crossEntropy, oneHot, Rng, Tensor, tensor, zeros } from "../../../src/tensor/index.ts";
import { testDevice } from "../../harness/device.ts";

const device = await testDevice();
const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

const close = (got: ArrayLike<number>, want: readonly number[]): void => {
  expect(got.length).toBe(want.length);
  want.forEach((w, i) => {
    if (Number.isFinite(w)) expect(Math.abs(got[i] - w), `${i}: ${got[i]}, ${w}`).toBeLessThan(1e-5);
    else expect(got[i], `${i}`).toBe(w);
  });
};

// Rows of three classes, the class that is meant, and torch 2.13's cross_entropy with its gradient.
const rows = [
  { z: [0, -inf, 2], target: 0, loss: 2.1269280910491943, grad: [-0.8807970881462097, 0, 0.8807970881462097] },
  { z: [1, 2, -inf], target: 1, loss: 0.3132616877555847, grad: [0.2689414322376251, -0.2689414322376251, 0] },
  { z: [-inf, 0.5, -1], target: 1, loss: 0.2014133, grad: [0, -0.1824255, 0.1824255] },
  { z: [-inf, 0.5, -1], target: 0, loss: inf, grad: [-1, 0.8175744414329529, 0.1824255] },
  { z: [-inf, -inf, -inf], target: 0, loss: nan, grad: [nan, nan, nan] },
  { z: [inf, 1, 2], target: 1, loss: nan, grad: [nan, nan, nan] },
  { z: [0, nan, 2], target: 0, loss: nan, grad: [nan, nan, nan] },
];

describe("crossEntropy", () => {
  it("a masked class without a target adds nothing; what softmax cannot tell is NaN", async () => {
    // All at once, a row beside many of its kind, and classes far from each other: one invocation a row, and several.
    for (const classes of [3, 700])
      for (const copies of [1, 9000 / 7]) {
        const n = Math.ceil(copies);
        const wide = (v: readonly number[], fill: number) =>
          Array.from({ length: classes }, (_, c) =>
            c % (classes === 3 ? 1 : 300) === 0 ? v[c / (classes === 3 ? 1 : 300)] : fill,
          );
        if (classes > 3 && n > 1) continue;
        const all = Array.from({ length: n }, () => rows).flat();
        const z = tensor(
          device,
          all.flatMap((r) => wide(r.z, -inf)),
          [all.length, classes],
        ).requireGrad();
        const y = tensor(
          device,
          all.flatMap((r) =>
            wide(
              [0, 1, 2].map((c) => (c === r.target ? 1 : 0)),
              0,
            ),
          ),
          [all.length, classes],
        );
        const loss = crossEntropy(z, y, { reduction: "none" });
        close(
          await loss.data(),
          all.map((r) => r.loss),
        );
        loss.sum().backward();
        const masked = (r: (typeof rows)[number]) => (Number.isNaN(r.grad[0]) ? nan : 0);
        close(
          await z.grad!.data(),
          all.flatMap((r) => wide(r.grad, masked(r))),
        );
      }
  });

  it("class indices are one-hot targets", async () => {
    const rng = new Rng(3);
    const [n, classes, h, w] = [2, 5, 3, 4];
    const index = Int32Array.from({ length: n * h * w }, () => rng.integer(classes));
    const z = rng.normal(device, [n, classes, h, w]).requireGrad();
    const shares = oneHot(tensor(device, index, [n, h, w]), classes).permute([0, 3, 1, 2]);
    for (const reduction of ["mean", "sum", "none"] as const) {
      const loss = crossEntropy(z, shares, { reduction });
      const want = await loss.data();
      loss.sum().backward();
      const grad = await z.grad!.data();
      z.zeroGrad();
      for (const target of [tensor(device, index, [n, h, w]), tensor(device, Uint32Array.from(index), [n, h, w])]) {
        const got = crossEntropy(z, target, { reduction });
        expect(await got.data()).toEqual(want);
        got.sum().backward();
        expect(await z.grad!.data()).toEqual(grad);
        z.zeroGrad();
      }
    }
    const masked = tensor(device, [0, -inf, 2], [1, 3]);
    close(await crossEntropy(masked, tensor(device, Int32Array.of(0))).data(), [2.1269280910491943]);
    expect(await crossEntropy(masked, tensor(device, Int32Array.of(3))).item()).toBeNaN();
    expect(() => crossEntropy(Tensor.meta([2, 3, 4]), Tensor.meta([2, 3], "i32"))).toThrow(ShapeError);
    expect(() => crossEntropy(Tensor.meta([2, 3, 4]), Tensor.meta([2, 3], "i32"))).toThrow(
      "crossEntropy: the logits are [2, 3, 4], so class indices must be [2, 4]; they are [2, 3]",
    );
    expect(() => crossEntropy(Tensor.meta([3]), Tensor.meta([3], "i32"))).toThrow("crossEntropy: the logits are [3]");
  });
});

describe("spatialSoftmaxCrossEntropy", () => {
  it("masked pixels without a target add nothing, in small maps and in shared ones", async () => {
    for (const size of [2, 64]) {
      const at = (x: number, y: number): number => y * size + x;
      const z = new Float32Array(size * size).fill(-inf);
      const y = new Float32Array(size * size);
      z[at(0, 0)] = 0;
      z[at(0, size - 1)] = 2;
      y[at(0, 0)] = 1;
      y[at(0, size - 1)] = 1;
      const logits = tensor(device, z, [1, 1, size, size]).requireGrad();
      const loss = spatialSoftmaxCrossEntropy(logits, tensor(device, y, [1, 1, size, size]));
      close(await loss.data(), [Math.log(1 + Math.exp(2)) - 1]);
      loss.backward();
      const grad = await logits.grad!.data();
      close([grad[at(0, 0)], grad[at(0, size - 1)]], [0.11920292 - 0.5, 0.88079708 - 0.5]);
      expect(grad.filter((v) => v !== 0).length).toBe(2);
    }
  });

  it("a map of only -Infinity, and one with Infinity, is NaN, and nothing where it has no target", async () => {
    for (const z of [
      [-inf, -inf, -inf, -inf],
      [0, inf, 1, 2],
    ]) {
      const logits = tensor(device, z, [1, 1, 2, 2]).requireGrad();
      const loss = spatialSoftmaxCrossEntropy(logits, tensor(device, [1, 0, 0, 0], [1, 1, 2, 2]));
      loss.backward();
      expect([await loss.item(), ...(await logits.grad!.data())]).toEqual([nan, nan, nan, nan, nan]);
      logits.zeroGrad();
      const none = spatialSoftmaxCrossEntropy(logits, zeros(device, [1, 1, 2, 2]));
      none.backward();
      expect([await none.item(), ...(await logits.grad!.data())]).toEqual([0, 0, 0, 0, 0]);
    }
  });
});
