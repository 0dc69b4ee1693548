import { expect, test } from "vitest";
import { add, tensor } from "../../src/tensor/index.ts";
import { testDevice } from "../harness/device.ts";

test("a browser gives a device through navigator.gpu, and it computes", async () => {
  const device = await testDevice();
  expect(navigator.gpu).toBeDefined();
  const y = add(tensor(device, [1, 2, 3]), 4);
  expect([...(await y.data())]).toEqual([5, 6, 7]);
});
