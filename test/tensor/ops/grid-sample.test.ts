import { beforeAll, expect, test } from "vitest";
import type { Device } from "../../../src/device/index.ts";
import { affineGrid, gridSample, noGrad, type Tensor, tensor, tidy } from "../../../src/tensor/index.ts";
import { normals } from "../../harness/check.ts";
import { testDevice } from "../../harness/device.ts";

let device: Device;
beforeAll(async () => {
  device = await testDevice();
});

const read = async (tensors: readonly Tensor[]): Promise<number[][]> => {
  const out: number[][] = [];
  for (const t of tensors) {
    out.push([...(await t.data())]);
    t.dispose();
  }
  return out;
};

const upToTwelve = (): Tensor =>
  tensor(
    device,
    Array.from({ length: 12 }, (_, i) => i + 1),
    [1, 1, 3, 4],
  ).requireGrad();

const sampled = (points: readonly number[], { mode, paddingMode }: NonNullable<Parameters<typeof gridSample>[2]>) =>
  tidy(() => {
    const x = upToTwelve();
    const grid = tensor(device, points, [1, 1, points.length / 2, 2]).requireGrad();
    const y = gridSample(x, grid, { mode, paddingMode });
    y.backward(tensor(device, new Float32Array(points.length / 2).fill(1), y.shape));
    return [y.detach(), x.grad!.detach(), grid.grad!.detach()];
  });

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
const holes = [nan, 0.1, 0.1, nan, nan, nan];
const far = [inf, 0.1, 0.1, -inf, inf, inf];

// The figures are PyTorch's (its backward with a NaN and a padding reads outside its memory, so those gradients are ours).
test.each([
  { mode: "bilinear", paddingMode: "zeros", holes: [nan, nan, nan], far: [nan, nan, nan] },
  { mode: "bilinear", paddingMode: "border", holes: [5.6, 2.7, 1], far: [8.6, 2.7, 12] },
  { mode: "bilinear", paddingMode: "reflection", holes: [5.6, 2.7, 1], far: [5.6, 2.7, 1] },
  { mode: "nearest", paddingMode: "zeros", holes: [0, 0, 0], far: [0, 0, 0] },
  { mode: "nearest", paddingMode: "border", holes: [5, 3, 1], far: [8, 3, 12] },
  { mode: "nearest", paddingMode: "reflection", holes: [5, 3, 1], far: [5, 3, 1] },
] as const)("points that are no numbers, $mode with $paddingMode", async (row) => {
  for (const [points, want] of [
    [holes, row.holes],
    [far, row.far],
  ] as const) {
    const [y, dx, dgrid] = await read(sampled(points, row));
    y.forEach((v, i) => {
      if (Number.isNaN(want[i])) expect(v).toBeNaN();
      else expect(v).toBeCloseTo(want[i], 5);
    });
    // What a point takes, it gives back: with zeros nothing, else a whole pixel.
    const given = dx.reduce((a, b) => a + b, 0);
    expect(given).toBeCloseTo(row.paddingMode === "zeros" ? 0 : 3, 5);
    if (row.paddingMode === "zeros" && row.mode === "bilinear") expect(dgrid).toEqual([0, nan, nan, 0, nan, nan]);
    else expect(dgrid.every(Number.isFinite)).toBe(true);
  }
});

test("a NaN or an infinity in x reaches only the points beside it", async () => {
  const [y] = await read(
    tidy(() => {
      const x = tensor(device, [1, nan, 2, inf], [1, 1, 1, 4]);
      const grid = tensor(device, [-1.2, 0, -0.75, 0, -0.5, 0, 1.2, 0], [1, 1, 4, 2]);
      return [gridSample(x, grid, { paddingMode: "zeros" })];
    }),
  );
  expect(y[0]).toBeCloseTo(0.1, 5); // a tenth of the first pixel
  expect(y.slice(2)).toEqual([nan, inf]);
});

test("nearest takes the even neighbor at a tie", async () => {
  const [y] = await read(
    tidy(() => {
      const x = tensor(device, [10, 11, 12, 13], [1, 1, 1, 4]);
      const grid = tensor(device, [-0.5, 0, 0, 0, 0.5, 0], [1, 1, 3, 2]); // columns 1/2, 3/2, 5/2
      return [gridSample(x, grid, { mode: "nearest" })];
    }),
  );
  expect(y).toEqual([10, 12, 12]);
});

test("the grid of the identity gives the image back, and its gradient the incoming one", async () => {
  for (const alignCorners of [false, true]) {
    const values = normals("image", [2, 3, 9, 13]);
    const g = normals("incoming", [2, 3, 9, 13]);
    const [y, dx, silent] = await read(
      tidy(() => {
        const x = tensor(device, Float32Array.from(values.data), values.shape).requireGrad();
        const theta = tensor(device, [1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0], [2, 2, 3]);
        const grid = affineGrid(theta, { size: [9, 13], alignCorners });
        const silent = noGrad(() => gridSample(x, grid, { alignCorners, paddingMode: "border" }));
        const y = gridSample(x, grid, { alignCorners, paddingMode: "border" });
        y.backward(tensor(device, Float32Array.from(g.data), g.shape));
        return [y.detach(), x.grad!.detach(), silent];
      }),
    );
    y.forEach((v, i) => {
      expect(Math.abs(v - values.data[i])).toBeLessThan(1e-5);
    });
    dx.forEach((v, i) => {
      expect(Math.abs(v - g.data[i])).toBeLessThan(1e-5);
    });
    expect(silent).toEqual(y);
  }
});

test("theta learns through both: the gradient of a shift is the image's slope", async () => {
  const [dtheta] = await read(
    tidy(() => {
      const ramp = tensor(
        device,
        Float32Array.from({ length: 35 }, (_, i) => 3 * (i % 7) - 2 * Math.floor(i / 7)),
        [1, 1, 5, 7],
      );
      const theta = tensor(device, [0.5, 0, 0.1, 0, 0.5, 0.1], [1, 2, 3]).requireGrad();
      const y = gridSample(ramp, affineGrid(theta, { size: [4, 4], alignCorners: true }), { alignCorners: true });
      y.sum().backward();
      return [theta.grad!.detach()];
    }),
  );
  // 16 points, 3 a column of 6 / 2 columns a unit; -2 a row of 4 / 2 rows a unit.
  expect(dtheta[2]).toBeCloseTo(16 * 3 * 3, 3);
  expect(dtheta[5]).toBeCloseTo(16 * -2 * 2, 3);
  expect(dtheta[0]).toBeCloseTo(0, 3);
});
