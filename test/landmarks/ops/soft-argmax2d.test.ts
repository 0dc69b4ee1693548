import { beforeAll, describe, expect, it } from "vitest";
import type { Device } from "../../../src/device/index.ts";
import { ConfigError } from "../../../src/errors.ts";
import { softArgmax2d, softArgmax2dMoments } from "../../../src/landmarks/index.ts";
import { Tensor, tensor, tidy } from "../../../src/tensor/index.ts";
import { checkAgainstReference, expectClose, normals } from "../../harness/check.ts";
import { testDevice } from "../../harness/device.ts";
import type { Ref } from "../../ops/common/ref.ts";
import { softmaxParts } from "../../ops/common/reference/norm.ts";

let device: Device;
beforeAll(async () => {
  device = await testDevice();
});

const rows: [x: Ref, beta: number][] = [
  [normals("a", [1, 1, 5, 7]), 1],
  [normals("b", [2, 3, 13, 29]), 5],
  [normals("c", [3, 5, 61, 67]), 1],
  [normals("d", [1, 2, 128, 96], 3), 30],
  [normals("e", [2, 2, 1, 11], 1, 400), 1],
  [normals("f", [2, 1, 11, 1]), 10],
  [normals("g", [37, 19, 3, 5]), 1],
  [normals("h", [1, 1, 3, 3]), 0.5],
];

/** Largest column or row. */
const reach = (x: Ref): number => Math.max(1, x.shape[2] - 1, x.shape[3] - 1);

describe("softArgmax2d", () => {
  for (const [x, beta] of rows)
    it(`[${x.shape}], beta = ${beta}`, async () => {
      const limits = { terms: 4, scale: reach(x), gradTerms: 4, gradScale: 4 * Math.max(1, beta) * reach(x) };
      await checkAgainstReference(device, {
        op: "soft_argmax2d",
        attrs: { beta },
        inputs: [x],
        run: ([t]) => softArgmax2d(t, { beta }),
        ...limits,
      });
    });

  it("a NaN makes its point NaN and no other", async () => {
    const data = Float32Array.from(normals("x", [1, 2, 7, 11]).data);
    data[40] = Number.NaN;
    const [t, m] = tidy(() => [
      softArgmax2d(tensor(device, data, [1, 2, 7, 11])),
      softArgmax2dMoments(tensor(device, data, [1, 2, 7, 11])),
    ]);
    expect([...(await t.data())].map(Number.isNaN)).toEqual([true, true, false, false]);
    expect([...(await m.data())].map(Number.isNaN)).toEqual([...new Array(6).fill(true), ...new Array(6).fill(false)]);
    t.dispose();
    m.dispose();
  });

  it("beta is 1 by default; errors name what does not fit", () => {
    expect(softArgmax2d(Tensor.meta([2, 3, 4, 5])).shape).toEqual([2, 3, 2]);
    expect(() => softArgmax2d(Tensor.meta([3, 4, 5]))).toThrow(
      /softArgmax2d: the heat-maps are \[3, 4, 5\]; they must have 4 dimensions/,
    );
    expect(() => softArgmax2d(Tensor.meta([1, 2, 0, 5]))).toThrow(
      /the heat-maps \[N=1, K=2, H=0, W=5\] have no pixels/,
    );
    expect(() => softArgmax2d(Tensor.meta([1, 2, 3, 5]), { beta: Number.NaN })).toThrow(ConfigError);
  });
});

/** Column, row, largest probability, variances and covariance of each map, in float64. */
function moments(x: Ref, beta: number): number[] {
  const [n, k, h, w] = x.shape;
  const { p } = softmaxParts({ ...x, data: x.data.map((v) => v * beta) }, [2, 3]);
  return Array.from({ length: n * k }, (_, map) => {
    const at = Array.from(p.subarray(map * h * w, (map + 1) * h * w), (v, i) => ({
      v,
      x: i % w,
      y: Math.floor(i / w),
    }));
    const expect = (f: (q: { x: number; y: number }) => number): number => at.reduce((s, q) => s + q.v * f(q), 0);
    const [mx, my] = [expect((q) => q.x), expect((q) => q.y)];
    const largest = at.reduce((m, q) => Math.max(m, q.v), 0);
    return [
      mx,
      my,
      largest,
      expect((q) => (q.x - mx) ** 2),
      expect((q) => (q.y - my) ** 2),
      expect((q) => (q.x - mx) * (q.y - my)),
    ];
  }).flat();
}

describe("softArgmax2dMoments", () => {
  for (const [x, beta] of rows)
    it(`[${x.shape}], beta = ${beta}`, async () => {
      const before = device.memory().liveBuffers;
      const run = (): Tensor =>
        tidy(() => softArgmax2dMoments(tensor(device, Float32Array.from(x.data), x.shape), { beta }));
      const [first, second] = [run(), run()];
      const got = await first.data();
      expect(await second.data()).toEqual(got);
      expectClose("moments", got, moments(x, beta), 2e-5 * reach(x) ** 2);
      first.dispose();
      second.dispose();
      expect(device.memory().liveBuffers).toBe(before);
    });

  it("a single peak has probability 1 and no variance", async () => {
    const data = new Float32Array(15);
    data[7] = 1000;
    const m = tidy(() => softArgmax2dMoments(tensor(device, data, [1, 1, 3, 5])));
    expect([...(await m.data())]).toEqual([2, 1, 1, 0, 0, 0]);
    m.dispose();
  });
});
