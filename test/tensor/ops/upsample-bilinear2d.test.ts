import { beforeAll, describe, expect, it } from "vitest";
import type { Device } from "../../../src/device/index.ts";
import { Tensor, upsampleBilinear2d } from "../../../src/tensor/index.ts";
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
    [52, 56],
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
    [1, 2, 9, 2],
    [1, 10],
  ],
  [
    [1, 2, 9, 10],
    [9, 10],
  ],
  [
    [1, 1, 40, 3],
    [3, 40],
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

describe("upsampleBilinear2d", () => {
  for (const [shape, size] of rows)
    for (const alignCorners of [false, true])
      it(`[${shape}] to [${size}], corners ${alignCorners ? "kept" : "not kept"}`, async () => {
        await checkAgainstReference(device, {
          op: "upsample_bilinear2d",
          attrs: { size, align_corners: alignCorners },
          inputs: [normals("x", shape)],
          run: ([x]) => upsampleBilinear2d(x, { size, alignCorners }),
          terms: 4,
          gradTerms: Math.max(4, ((4 * size[0]) / shape[2]) * (size[1] / shape[3])),
        });
      });

  it("says what does not fit", () => {
    expect(upsampleBilinear2d(Tensor.meta([1, 2, 3, 4]), { size: [6, 5] }).shape).toEqual([1, 2, 6, 5]);
    expect(() => upsampleBilinear2d(Tensor.meta([2, 3, 4]), { size: [4, 4] })).toThrow(
      /upsampleBilinear2d: x is \[2, 3, 4\]; it must have 4 dimensions/,
    );
    expect(() => upsampleBilinear2d(Tensor.meta([1, 2, 3, 4]), { size: [4, 2.5] })).toThrow(
      /upsampleBilinear2d: size is \[4,2.5\]/,
    );
  });
});
