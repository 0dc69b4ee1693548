import { beforeAll, describe, expect, test } from "vitest";
import type { Device } from "../../src/device/index.ts";
import { ShapeError } from "../../src/errors.ts";
import { BatchNorm1d, BatchNorm2d, BatchNorm3d, Flatten, Sequential, Softmax } from "../../src/nn/index.ts";
import { Rng, reshape, Tensor, tensor } from "../../src/tensor/index.ts";
import { testDevice } from "../harness/device.ts";

let device: Device;
beforeAll(async () => {
  device = await testDevice();
});

describe("batch norm of lines and volumes", () => {
  test("is that of images of the same numbers, in training and evaluation", async () => {
    const rng = new Rng(2);
    using x = rng.normal(device, [2, 3, 8]);
    for (const [Norm, shape] of [
      [BatchNorm1d, [2, 3, 8]],
      [BatchNorm3d, [2, 3, 2, 2, 2]],
    ] as const) {
      using own = new Norm(3, { momentum: 0.3 }).init(device, rng);
      using image = new BatchNorm2d(3, { momentum: 0.3 }).init(device, rng);
      for (const on of [true, false]) {
        const y = own.train(on).call(reshape(x, shape));
        const want = image.train(on).call(reshape(x, [2, 3, 2, 4]));
        expect(y.shape).toEqual(shape);
        expect([...(await y.data())]).toEqual([...(await want.data())]);
      }
      expect(await own.stateDict()).toEqual(await image.stateDict());
    }
  });

  test("takes [N, C] too, and refuses other numbers of dimensions", async () => {
    using norm = new BatchNorm1d(2).init(device, new Rng(1));
    using x = tensor(device, [1, 10, 3, 30], [2, 2]);
    const y = await norm.call(x).data();
    [-1, -1, 1, 1].forEach((v, i) => {
      expect(y[i]).toBeCloseTo(v, 3);
    });
    expect(() => norm.call(Tensor.meta([1, 2, 3, 4]))).toThrow(ShapeError);
    expect(() => new BatchNorm3d(2).call(Tensor.meta([1, 2, 3, 4]))).toThrow(/\[N, C, D, H, W\]/);
  });
});

test("Flatten keeps the order, between the dimensions that are asked for", async () => {
  using x = tensor(
    device,
    Float32Array.from({ length: 24 }, (_, i) => i),
    [2, 3, 2, 2],
  );
  const y = new Sequential(new Flatten()).call(x);
  expect(y.shape).toEqual([2, 12]);
  expect([...(await y.data())]).toEqual([...(await x.data())]);
  expect(new Flatten({ startDim: 0, endDim: -2 }).call(x).shape).toEqual([12, 2]);
  expect(() => new Flatten({ startDim: 3, endDim: 2 }).call(x)).toThrow(ShapeError);
  expect(() => new Flatten({ startDim: 4 }).call(x)).toThrow(/startDim 4/);
});

test("Softmax shares along its axis", async () => {
  using x = tensor(device, [0, Math.log(3), 0, 0], [2, 2]);
  const y = await new Softmax(1).call(x).data();
  [0.25, 0.75, 0.5, 0.5].forEach((v, i) => {
    expect(y[i]).toBeCloseTo(v, 6);
  });
});
