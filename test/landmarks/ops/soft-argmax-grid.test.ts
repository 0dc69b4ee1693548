import { beforeAll, describe, expect, it } from "vitest";
import type { Device } from "../../../src/device/index.ts";
import { ConfigError } from "../../../src/errors.ts";
import {
  type GridConvention,
  softArgmax1d,
  softArgmax2d,
  softArgmax2dMoments,
  softArgmax3d,
} from "../../../src/landmarks/index.ts";
import { Tensor, tensor, tidy } from "../../../src/tensor/index.ts";
import { expectClose } from "../../harness/check.ts";
import { testDevice } from "../../harness/device.ts";

let device: Device;
beforeAll(async () => {
  device = await testDevice();
});

/** A volume with one peak, far above all else. */
const peakAt = (shape: readonly number[], at: number): Tensor => {
  const data = new Float32Array(shape.reduce((a, b) => a * b, 1));
  data[at] = 1000;
  return tensor(device, data, shape);
};

describe("the grids of soft-argmax", () => {
  // A peak in column 5 of 8, row 1 of 4, slice 2 of 3.
  const wanted: Record<GridConvention, [column: number, row: number, slice: number]> = {
    pixel: [5, 1, 2],
    kneel: [5 / 8, 1 / 4, 2 / 3],
    dsnt: [11 / 8 - 1, 3 / 4 - 1, 5 / 3 - 1],
    linspace: [10 / 7 - 1, 2 / 3 - 1, 1],
  };

  for (const [convention, place] of Object.entries(wanted) as [GridConvention, number[]][])
    it(`${convention}: the last axis comes first`, async () => {
      const results = tidy(() => [
        softArgmax1d(peakAt([1, 1, 8], 5), { convention }),
        softArgmax2d(peakAt([1, 1, 4, 8], 13), { convention }),
        softArgmax3d(peakAt([1, 1, 3, 4, 8], 2 * 32 + 13), { convention }),
      ]);
      for (const [i, t] of results.entries()) {
        expectClose(`${i + 1} axes`, await t.data(), place.slice(0, i + 1), 1e-6);
        t.dispose();
      }
    });

  it("pixels are the default; an unknown convention and a beta that is no number are refused", () => {
    const maps = Tensor.meta([2, 3, 4, 5]);
    expect(() => softArgmax2d(maps, { convention: "corner" as "pixel" })).toThrow(
      new ConfigError("convention", 'softArgmax2d: convention is corner; use "pixel", "kneel", "dsnt", "linspace"'),
    );
    expect(() => softArgmax2d(maps, { convention: "toString" as "pixel" })).toThrow(ConfigError);
    expect(() => softArgmax3d(Tensor.meta([2, 3, 4, 5, 6]), { beta: Number.NaN })).toThrow(ConfigError);
    expect(() => softArgmax1d(Tensor.meta([2, 3, 0]))).toThrow(/the profiles \[N=2, K=3, L=0\] have no cells/);
    expect(() => softArgmax3d(Tensor.meta([2, 3, 1, 0, 2]))).toThrow(/have no voxels/);
  });
});

it("pixels that share the largest probability share its gradient", async () => {
  const g = tidy(() => {
    const x = tensor(device, [0.3, 0.7, 0.7, 0.1, 0.7, -2], [1, 1, 2, 3]).requireGrad();
    softArgmax2dMoments(x, { beta: 3 }).backward(tensor(device, [0, 0, 1, 0, 0, 0], [1, 1, 6]));
    return (x.grad as Tensor).detach();
  });
  const z = [0.3, 0.7, 0.7, 0.1, 0.7, -2].map((v) => Math.exp(3 * v));
  const p = z.map((v) => v / z.reduce((a, b) => a + b, 0));
  const want = p.map((v, i) => 3 * p[1] * ([1, 2, 4].includes(i) ? 1 / 3 - v : -v));
  expectClose("gradient", await g.data(), want, 1e-5);
  g.dispose();
});
