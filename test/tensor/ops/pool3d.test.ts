import { beforeAll, expect, test } from "vitest";
import type { Device } from "../../../src/device/index.ts";
import {
  adaptiveAvgPool2d,
  avgPool2d,
  avgPool3d,
  maxPool2d,
  maxPool3d,
  Tensor,
  tensor,
  tidy,
} from "../../../src/tensor/index.ts";
import { testDevice } from "../../harness/device.ts";

let device: Device;
beforeAll(async () => {
  device = await testDevice();
});

test("maxPool3d: NaN beats every number, and a window of padding only is -infinity without a gradient", async () => {
  const [y, dx] = tidy(() => {
    const x = tensor(device, [1, Number.NaN, 3, 9, -Infinity, -Infinity], [1, 1, 6, 1, 1]).requireGrad();
    const y = maxPool3d(x, { kernelSize: [2, 1, 1] });
    y.backward(tensor(device, [1, 2, 3], [1, 1, 3, 1, 1]));
    return [y.detach(), x.grad!.detach()];
  });
  expect([...(await y.data())]).toEqual([Number.NaN, 9, -Infinity]);
  expect([...(await dx.data())]).toEqual([0, 1, 0, 2, 3, 0]);
  const [hole, none] = tidy(() => {
    const x = tensor(device, [5], [1, 1, 1, 1, 1]).requireGrad();
    const y = maxPool3d(x, { kernelSize: [1, 2, 1], padding: [0, 1, 0], dilation: [1, 2, 1] });
    y.backward(tensor(device, [7], [1, 1, 1, 1, 1]));
    return [y.detach(), x.grad!.detach()];
  });
  expect([...(await hole.data()), ...(await none.data())]).toEqual([-Infinity, 0]);
  for (const t of [y, dx, hole, none]) t.dispose();
});

test("means hand NaN on to the windows that hold it, and to no other", async () => {
  const x = tensor(device, [1, Number.NaN, 3, 5], [1, 1, 1, 4]);
  const means = [avgPool2d(x, { kernelSize: [1, 2] }), adaptiveAvgPool2d(x, [1, 2])];
  const volume = avgPool3d(x.reshape([1, 1, 4, 1, 1]), { kernelSize: [2, 1, 1] });
  for (const t of [...means, volume]) expect([...(await t.data())]).toEqual([Number.NaN, 4]);
  for (const t of [x, ...means, volume]) t.dispose();
});

test("one number serves all directions, and the kernel is the stride; ceil mode as PyTorch counts it", () => {
  const volume = Tensor.meta([2, 3, 9, 8, 5]);
  expect(maxPool3d(volume, { kernelSize: 2 }).shape).toEqual([2, 3, 4, 4, 2]);
  expect(maxPool3d(volume, { kernelSize: 2, ceilMode: true }).shape).toEqual([2, 3, 5, 4, 3]);
  expect(avgPool3d(volume, { kernelSize: 3, stride: 2, padding: 1 }).shape).toEqual([2, 3, 5, 4, 3]);
  // Rounding up gives windows at 0, 3, 6: the last would start at row 5 of 5, in the padding.
  expect(maxPool2d(Tensor.meta([1, 1, 5, 5]), { kernelSize: 2, stride: 3, padding: 1, ceilMode: true }).shape).toEqual([
    1, 1, 2, 2,
  ]);
});
