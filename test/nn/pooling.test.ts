import { beforeAll, expect, test } from "vitest";
import type { Device } from "../../src/device/index.ts";
import { ConfigError, ShapeError } from "../../src/errors.ts";
import {
  AdaptiveAvgPool2d,
  AdaptiveAvgPool3d,
  AvgPool2d,
  AvgPool3d,
  MaxPool2d,
  MaxPool3d,
  Upsample,
} from "../../src/nn/index.ts";
import { Tensor, tensor, tidy, upsampleBicubic2d } from "../../src/tensor/index.ts";
import { testDevice } from "../harness/device.ts";

let device: Device;
beforeAll(async () => {
  device = await testDevice();
});

test("layers hand their options to the ops", async () => {
  const results = tidy(() => {
    const image = tensor(device, [1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 1, 3, 3]);
    const volume = image.reshape([1, 1, 1, 3, 3]);
    return [
      new MaxPool2d(2, { ceilMode: true }).forward(image),
      new AvgPool2d(2, { ceilMode: true, divisorOverride: 2 }).forward(image),
      new AvgPool2d(2, { padding: 1, countIncludePad: false }).forward(image),
      new MaxPool3d([1, 2, 2], { stride: 1 }).forward(volume),
      new AvgPool3d([1, 3, 1]).forward(volume),
      new AdaptiveAvgPool2d(1).forward(image),
      new AdaptiveAvgPool3d([1, 1, 2]).forward(volume),
    ];
  });
  const values: number[][] = [];
  for (const t of results) {
    values.push([...(await t.data())]);
    t.dispose();
  }
  expect(values).toEqual([
    [5, 6, 8, 9],
    [6, 4.5, 7.5, 4.5],
    [1, 2.5, 5.5, 7],
    [5, 6, 8, 9],
    [4, 5, 6],
    [5],
    [4.5, 5.5],
  ]);
});

test("Upsample takes each mode for its own kind of input", async () => {
  const line = Tensor.meta([2, 3, 5]);
  const image = Tensor.meta([2, 3, 5, 7]);
  const volume = Tensor.meta([2, 3, 4, 5, 7]);
  const shapes = [
    new Upsample({ scaleFactor: 2 }).forward(line),
    new Upsample({ scaleFactor: 2 }).forward(image),
    new Upsample({ scaleFactor: [2, 1, 3] }).forward(volume),
    new Upsample({ size: [9], mode: "linear" }).forward(line),
    new Upsample({ size: [9, 8], mode: "bicubic" }).forward(image),
    new Upsample({ scaleFactor: 1.5, mode: "trilinear", alignCorners: true }).forward(volume),
  ].map((t) => t.shape);
  expect(shapes).toEqual([
    [2, 3, 10],
    [2, 3, 10, 14],
    [2, 3, 8, 5, 21],
    [2, 3, 9],
    [2, 3, 9, 8],
    [2, 3, 6, 7, 10],
  ]);
  const [mine, op] = tidy(() => {
    const x = tensor(device, [1, 5, 2, 8, 3, 4], [1, 1, 2, 3]);
    return [
      new Upsample({ scaleFactor: 3, mode: "bicubic", alignCorners: true }).forward(x),
      upsampleBicubic2d(x, { size: [6, 9], alignCorners: true }),
    ];
  });
  expect([...(await mine.data())]).toEqual([...(await op.data())]);
  for (const t of [mine, op]) t.dispose();
});

test("Upsample says what does not fit", () => {
  expect(() => new Upsample({ scaleFactor: 2, mode: "trilinear" }).forward(Tensor.meta([1, 2, 3, 4]))).toThrow(
    ShapeError,
  );
  expect(() => new Upsample({ size: [4, 4] }).forward(Tensor.meta([1, 2, 3, 4, 5]))).toThrow(
    /size is \[4,4\]; give an integer of at least 1, or 3 as \[d, h, w\]/,
  );
  expect(() => new Upsample({ scaleFactor: [2], mode: "bilinear" }).forward(Tensor.meta([1, 2, 3, 4]))).toThrow(
    ConfigError,
  );
  expect(() => new Upsample({ scaleFactor: 2, mode: "cubic" as "bicubic" })).toThrow(
    /use nearest, linear, bilinear, bicubic, trilinear/,
  );
});
