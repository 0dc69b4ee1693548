import { beforeAll, describe, expect, it } from "vitest";
import type { Device } from "../../../src/device/index.ts";
import { ConfigError } from "../../../src/errors.ts";
import { connectedComponents, decodeCentroids, gaussianHeatmaps } from "../../../src/landmarks/index.ts";
import { Random } from "../../../src/random.ts";
import { Tensor, tensor, tidy } from "../../../src/tensor/index.ts";
import { expectClose } from "../../harness/check.ts";
import { testDevice } from "../../harness/device.ts";
import type { Ref } from "../../ops/common/ref.ts";
import { centroids, components } from "../../ops/common/reference/components.ts";

let device: Device;
beforeAll(async () => {
  device = await testDevice();
});

/** Uniform numbers: the share of the foreground is 1 - threshold, so that components of every size and shape occur. */
const noise = (...shape: number[]): Ref => {
  const random = new Random(5).fork(`${shape}`);
  const count = shape.reduce((a, b) => a * b, 1);
  return { shape, data: Float64Array.from({ length: count }, () => random.uniform(0, 1)) };
};

/** A map from rows of text, # for the foreground. */
const drawn = (...rows: string[]): Ref => ({
  shape: [1, 1, rows.length, rows[0].length],
  data: Float64Array.from(rows.join(""), (c) => (c === "#" ? 1 : 0)),
});

/** A line of one pixel's width wound inwards: the longest way through a component. */
function spiral(n: number): Ref {
  const data = new Float64Array(n * n);
  let [x, y, dx, dy] = [0, 0, 1, 0];
  const free = (a: number, b: number): boolean => a >= 0 && b >= 0 && a < n && b < n && data[b * n + a] === 0;
  for (let stuck = 0; stuck < 2; ) {
    data[y * n + x] = 1;
    const ahead = free(x + dx, y + dy) && (!inside(x + 2 * dx, y + 2 * dy) || free(x + 2 * dx, y + 2 * dy));
    if (ahead) {
      x += dx;
      y += dy;
      stuck = 0;
    } else {
      [dx, dy] = [-dy, dx];
      stuck++;
    }
  }
  function inside(a: number, b: number): boolean {
    return a >= 0 && b >= 0 && a < n && b < n;
  }
  return { shape: [1, 1, n, n], data };
}

const load = (x: Ref): Tensor => tensor(device, Float32Array.from(x.data), x.shape);
const diagonalOf = (connectivity: number): boolean => connectivity === 8;

const maps: Ref[] = [
  noise(1, 1, 1, 1),
  noise(2, 3, 1, 17),
  noise(1, 2, 19, 1),
  noise(3, 1, 2, 3),
  noise(2, 5, 13, 11),
  noise(1, 2, 64, 48),
  noise(1, 1, 131, 127),
  spiral(41),
  drawn("####", "####"),
  drawn("....", "...."),
  drawn("#.#.#", ".#.#.", "#.#.#"),
  drawn("#...#", "#.#.#", "#.#.#", "#####"), // three branches that meet at the end
  drawn("..#", ".#.", "#.."),
  drawn("#..", ".#.", "..#"),
];

describe("connectedComponents", () => {
  for (const connectivity of [4, 8] as const)
    for (const x of maps)
      it(`${connectivity} neighbors in [${x.shape}] of ${x.data.reduce((a, b) => a + b, 0).toFixed(1)}`, async () => {
        const before = device.memory().liveBuffers;
        for (const threshold of [0.3, 0.41, 0.5, 0.7]) {
          const run = (): Tensor => tidy(() => connectedComponents(load(x), { threshold, connectivity }));
          const [first, second] = [run(), run()];
          const got = await first.integers();
          expect([...got]).toEqual(components(x, Math.fround(threshold), diagonalOf(connectivity)));
          expect(await second.integers()).toEqual(got);
          expect(first.shape).toEqual(x.shape);
          first.dispose();
          second.dispose();
        }
        expect(device.memory().liveBuffers).toBe(before);
      });

  it("counts as scipy.ndimage.label does, and takes NaN and the threshold itself for background", async () => {
    const t = tidy(() =>
      connectedComponents(tensor(device, [0, 1, 1, 0, Number.NaN, 1, 1, -1, 0.5, 0, 0, 1], [1, 1, 2, 6]), {
        threshold: 0.5,
        connectivity: 4,
      }),
    );
    expect([...(await t.integers())]).toEqual([0, 1, 1, 0, 0, 2, 3, 0, 0, 0, 0, 2]);
    t.dispose();
  });

  it("takes a batch of no maps, and says what does not fit", async () => {
    const t = tidy(() => connectedComponents(tensor(device, [], [0, 3, 4, 4])));
    expect((await t.integers()).length).toBe(0);
    t.dispose();
    expect(() => connectedComponents(Tensor.meta([4, 5]))).toThrow(/connectedComponents: the heat-maps are \[4, 5\]/);
    const x = Tensor.meta([1, 1, 4, 5]);
    expect(() => connectedComponents(x, { connectivity: 6 as 4 })).toThrow(ConfigError);
    expect(() => connectedComponents(x, { threshold: Number.NaN })).toThrow(ConfigError);
  });
});

describe("decodeCentroids", () => {
  for (const threshold of [0.5, 0.8, "adaptive"] as const)
    for (const connectivity of [4, 8] as const)
      for (const weights of ["uniform", "values"] as const)
        it(`above ${threshold} of the peak, ${connectivity} neighbors, ${weights}`, async () => {
          const before = device.memory().liveBuffers;
          const options = { threshold, connectivity, weights };
          for (const x of maps) {
            const run = (): Tensor => tidy(() => decodeCentroids(load(x), options));
            const [first, second] = [run(), run()];
            const got = await first.data();
            expect(await second.data()).toEqual(got);
            const want = centroids(x, {
              threshold,
              diagonal: diagonalOf(connectivity),
              weighted: weights === "values",
            });
            // A mean of places: a sum of distances from the first pixel, over its terms.
            expectClose(`[${x.shape}]`, got, want, 1e-5 * Math.max(...x.shape));
            first.dispose();
            second.dispose();
          }
          expect(device.memory().liveBuffers).toBe(before);
        });

  it("a disc of half its maximum is found to a fifth of a pixel; the smaller of two is left out", async () => {
    const t = tidy(() => {
      const one = gaussianHeatmaps(tensor(device, [20.3, 11.8], [1, 1, 2]), { size: [40, 50], sigma: 4 });
      const two = gaussianHeatmaps(tensor(device, [40, 35], [1, 1, 2]), { size: [40, 50], sigma: 1.5 });
      return decodeCentroids(one.add(two));
    });
    const [x, y, peak, area] = await t.data();
    expect(Math.hypot(x - 20.3, y - 11.8)).toBeLessThan(0.2);
    expect(peak).toBeGreaterThan(0.97);
    expect(Math.abs(area - Math.PI * 2 * Math.LN2 * 16)).toBeLessThan(6);
    t.dispose();
  });

  it("gives NaN and no pixels where there is none: nothing above 0, or a NaN", async () => {
    const { NaN: nan } = Number;
    const values = [
      [-1, -2, -3, -1],
      [0, 0, 0, 0],
      [1, nan, 5, 1],
      [0, 0, 2, 0],
    ].flat();
    const t = tidy(() => decodeCentroids(tensor(device, values, [1, 4, 2, 2])));
    expect([...(await t.data())]).toEqual([nan, nan, -1, 0, nan, nan, 0, 0, nan, nan, nan, 0, 0, 1, 2, 1]);
    t.dispose();
  });

  it("says what does not fit", () => {
    const x = Tensor.meta([2, 3, 4, 5]);
    expect(decodeCentroids(x).shape).toEqual([2, 3, 4]);
    expect(() => decodeCentroids(Tensor.meta([4, 5]))).toThrow(/decodeCentroids: the heat-maps are \[4, 5\]/);
    expect(() => decodeCentroids(x, { threshold: 1 })).toThrow(
      'decodeCentroids: threshold is 1; give a share of the peak from 0 to below 1, or "adaptive"',
    );
    expect(() => decodeCentroids(x, { connectivity: 6 as 8 })).toThrow(ConfigError);
    expect(() => decodeCentroids(x, { weights: "area" as "values" })).toThrow(ConfigError);
  });
});
