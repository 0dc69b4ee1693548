import ndarray from "ndarray";
import { expect, test } from "vitest";
import { DTypeError } from "../../src/errors.ts";
import { fromNdarray, toNdarray } from "../../src/ndarray.ts";
import { testDevice } from "../harness/device.ts";

test("ndarrays of any strides go in, and come out row-major", async () => {
  const device = await testDevice();
  const a = ndarray(Float64Array.of(1, 2, 3, 4, 5, 6), [2, 3]);
  const t = fromNdarray(device, a.transpose(1, 0));
  expect(t.shape).toEqual([3, 2]);
  const back = await toNdarray(t);
  expect([...back.data]).toEqual([1, 4, 2, 5, 3, 6]);
  expect(back.get(2, 1)).toBe(6);
  expect(await fromNdarray(device, a.pick(1, null).step(-1)).data()).toEqual(Float32Array.of(6, 5, 4));
  expect(() => fromNdarray(device, ndarray([1, 2] as never) as never)).toThrow(DTypeError);
});
