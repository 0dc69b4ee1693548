import { beforeAll, describe, expect, it } from "vitest";
import type { Device } from "../../../src/device/index.ts";
import { ConfigError } from "../../../src/errors.ts";
import { gaussianHeatmaps } from "../../../src/landmarks/index.ts";
import { Tensor, tensor, tidy } from "../../../src/tensor/index.ts";
import { checkAgainstReference, normals } from "../../harness/check.ts";
import { testDevice } from "../../harness/device.ts";

let device: Device;
beforeAll(async () => {
  device = await testDevice();
});

describe("gaussianHeatmaps", () => {
  for (const [n, k, size, sigma] of [
    [1, 1, [5, 7], 1],
    [2, 3, [13, 29], 0.8],
    [3, 5, [61, 67], 5],
    [1, 2, [128, 1], 8],
    [7, 19, [31, 17], 2],
  ] as const)
    it(`${n} x ${k} points on [${size}], sigma ${sigma}`, async () => {
      const points = normals("points", [n, k, 2], Math.max(...size) / 4, Math.max(...size) / 2);
      await checkAgainstReference(device, {
        op: "gaussian_heatmaps",
        attrs: { size, sigma },
        inputs: [points],
        run: ([p]) => gaussianHeatmaps(p, { size, sigma }),
        terms: 1,
        scale: 1,
        gradTerms: size[0] * size[1],
        gradScale: 4 / sigma,
      });
    });

  it("a point that is NaN makes its map NaN and no other", async () => {
    const y = tidy(() => gaussianHeatmaps(tensor(device, [Number.NaN, 1, 1, 1], [1, 2, 2]), { size: 2, sigma: 1 }));
    expect([...(await y.data())].map(Number.isNaN)).toEqual([true, true, true, true, false, false, false, false]);
    y.dispose();
  });

  it("says what does not fit", () => {
    expect(gaussianHeatmaps(Tensor.meta([2, 3, 2]), { size: 8, sigma: 1 }).shape).toEqual([2, 3, 8, 8]);
    expect(() => gaussianHeatmaps(Tensor.meta([2, 3]), { size: 8, sigma: 1 })).toThrow(
      /points are \[2, 3\]; they must be \[N, K, 2\] = \(column, row\)/,
    );
    expect(() => gaussianHeatmaps(Tensor.meta([2, 3, 2]), { size: 8, sigma: 0 })).toThrow(
      new ConfigError("sigma", "gaussianHeatmaps: sigma is 0; give a number of pixels above 0"),
    );
    expect(() => gaussianHeatmaps(Tensor.meta([2, 3, 2]), { size: [0, 3], sigma: 1 })).toThrow(
      /gaussianHeatmaps: size is \[0,3\]/,
    );
  });
});
