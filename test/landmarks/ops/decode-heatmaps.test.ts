import { beforeAll, describe, expect, it } from "vitest";
import type { Device } from "../../../src/device/index.ts";
import { ConfigError } from "../../../src/errors.ts";
import { argmax2d, decodeHeatmaps, gaussianHeatmaps } from "../../../src/landmarks/index.ts";
import { Tensor, tensor, tidy } from "../../../src/tensor/index.ts";
import { expectClose, normals } from "../../harness/check.ts";
import { testDevice } from "../../harness/device.ts";
import type { Ref } from "../../ops/common/ref.ts";

let device: Device;
beforeAll(async () => {
  device = await testDevice();
});

/** Column, row and value of the first largest pixel of each map, with the parabola through its neighbors where asked. */
function decode(x: Ref, parabola: boolean): number[] {
  const [n, k, h, w] = x.shape;
  return Array.from({ length: n * k }, (_, map) => {
    const m = x.data.subarray(map * h * w, (map + 1) * h * w);
    const at = m.indexOf(m.reduce((a, b) => Math.max(a, b)));
    const [column, row] = [at % w, Math.floor(at / w)];
    const shift = (place: number, size: number, step: number): number => {
      if (!parabola || place === 0 || place === size - 1) return 0;
      const [a, b, c] = [m[at - step], m[at], m[at + step]];
      const bend = a - 2 * b + c;
      return bend < 0 ? Math.max(-0.5, Math.min(0.5, (0.5 * (a - c)) / bend)) : 0;
    };
    return [column + shift(column, w, 1), row + shift(row, h, w), m[at]];
  }).flat();
}

const rounded = (x: Ref): Ref => ({ ...x, data: x.data.map(Math.round) });
const rows: Ref[] = [
  normals("a", [1, 1, 5, 7]),
  normals("b", [2, 3, 13, 29]),
  normals("c", [3, 5, 61, 67], 1, -20),
  rounded(normals("ties", [4, 7, 11, 17])),
  normals("borders", [23, 11, 2, 3]),
  normals("line", [3, 2, 1, 131]),
  { shape: [1, 2, 3, 3], data: new Float64Array(18).fill(0.25) },
];

describe("decodeHeatmaps", () => {
  for (const mode of ["argmax", "parabola"] as const)
    for (const x of rows)
      it(`${mode} of [${x.shape}]`, async () => {
        const before = device.memory().liveBuffers;
        const run = (): Tensor =>
          tidy(() => decodeHeatmaps(tensor(device, Float32Array.from(x.data), x.shape), { mode }));
        const [first, second] = [run(), run()];
        const got = await first.data();
        expect(await second.data()).toEqual(got);
        expectClose(mode, got, decode(x, mode === "parabola"), mode === "argmax" ? 0 : 2e-5 * x.shape[3]);
        first.dispose();
        second.dispose();
        expect(device.memory().liveBuffers).toBe(before);
      });

  it("the parabola finds the peak of a wide Gaussian to 0.01 pixels", async () => {
    const points = [10.3, 7.8, 4.51, 20.49];
    const [t] = tidy(() => [
      decodeHeatmaps(gaussianHeatmaps(tensor(device, points, [1, 2, 2]), { size: [31, 23], sigma: 4 }), {
        mode: "parabola",
      }),
    ]);
    const [x0, y0, , x1, y1] = await t.data();
    expectClose("points", [x0, y0, x1, y1], points, 0.01);
    t.dispose();
  });

  it("NaN beats all, the first of two; infinities are not refined; nothing but -infinity gives the first pixel", async () => {
    const [nan, inf] = [Number.NaN, Number.POSITIVE_INFINITY];
    const maps = [
      [1, nan, 3, nan],
      [0, inf, 1, 2],
      [-inf, -inf, -inf, -inf],
    ].flat();
    const t = tidy(() => decodeHeatmaps(tensor(device, maps, [1, 3, 1, 4]), { mode: "parabola" }));
    expect([...(await t.data())]).toEqual([1, 0, nan, 1, 0, inf, 0, 0, -inf]);
    t.dispose();
  });

  it("says what does not fit", () => {
    expect(argmax2d(Tensor.meta([2, 3, 4, 5])).shape).toEqual([2, 3, 3]);
    expect(() => decodeHeatmaps(Tensor.meta([4, 5]))).toThrow(/decodeHeatmaps: the heat-maps are \[4, 5\]/);
    expect(() => decodeHeatmaps(Tensor.meta([1, 1, 4, 5]), { mode: "mean" as "argmax" })).toThrow(ConfigError);
  });
});
