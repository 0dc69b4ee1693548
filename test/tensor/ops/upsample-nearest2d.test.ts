import { beforeAll, describe, expect, it } from "vitest";
import type { Device } from "../../../src/device/index.ts";
import { Tensor, upsampleNearest2d } from "../../../src/tensor/index.ts";
import { checkAgainstReference, normals } from "../../harness/check.ts";
import { testDevice } from "../../harness/device.ts";

let device: Device;
beforeAll(async () => {
  device = await testDevice();
});

const rows: [shape: [number, number, number, number], size: [number, number]][] = [
  [
    [2, 3, 8, 12],
    [16, 24],
  ],
  [
    [1, 5, 13, 7],
    [26, 21],
  ],
  [
    [3, 1, 7, 11],
    [17, 29],
  ],
  [
    [1, 2, 31, 17],
    [9, 5],
  ],
  [
    [2, 2, 5, 40],
    [13, 7],
  ],
  [
    [1, 3, 1, 1],
    [6, 9],
  ],
  [
    [1, 3, 6, 9],
    [1, 1],
  ],
  [
    [1, 2, 9, 10],
    [9, 10],
  ],
  [
    [4, 16, 19, 31],
    [37, 62],
  ],
  [
    [8, 8, 47, 51],
    [23, 29],
  ],
];

describe("upsampleNearest2d", () => {
  for (const [shape, size] of rows)
    it(`[${shape}] to [${size}]`, async () => {
      await checkAgainstReference(device, {
        op: "upsample_nearest2d",
        attrs: { size },
        inputs: [normals("x", shape)],
        run: ([x]) => upsampleNearest2d(x, { size }),
        terms: 0,
        gradTerms: Math.ceil(size[0] / shape[2]) * Math.ceil(size[1] / shape[3]),
      });
    });

  it("says what does not fit", () => {
    expect(upsampleNearest2d(Tensor.meta([1, 2, 3, 4]), { size: 6 }).shape).toEqual([1, 2, 6, 6]);
    const image = Tensor.meta([1, 2, 3, 5]);
    expect(upsampleNearest2d(image, { scaleFactor: 2 }).shape).toEqual([1, 2, 6, 10]);
    expect(upsampleNearest2d(image, { scaleFactor: [1.5, 0.5] }).shape).toEqual([1, 2, 4, 2]);
    for (const options of [{}, { size: 4, scaleFactor: 2 }])
      expect(() => upsampleNearest2d(image, options)).toThrow("upsampleNearest2d: give either size or scaleFactor");
    expect(() => upsampleNearest2d(image, { scaleFactor: 0.25 })).toThrow(
      "upsampleNearest2d: scaleFactor is 0.25, which makes [0, 1] of [3, 5]; give a factor",
    );
    expect(() => upsampleNearest2d(Tensor.meta([2, 3, 4]), { scaleFactor: 2 })).toThrow(/it must have 4 dimensions/);
    expect(() => upsampleNearest2d(Tensor.meta([2, 3, 4]), { size: [4, 4] })).toThrow(
      /upsampleNearest2d: x is \[2, 3, 4\]; it must have 4 dimensions/,
    );
    expect(() => upsampleNearest2d(Tensor.meta([1, 2, 3, 4]), { size: [0, 4] })).toThrow(
      /upsampleNearest2d: size is \[0,4\]/,
    );
    expect(() => upsampleNearest2d(Tensor.meta([1, 2, 0, 4]), { size: [2, 4] })).toThrow(/has no pixels to take from/);
  });
});
