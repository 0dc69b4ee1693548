import { beforeAll, describe, expect, it } from "vitest";
import type { Device } from "../../../src/device/index.ts";
import { ConfigError } from "../../../src/errors.ts";
import { Random } from "../../../src/random.ts";
import { dropout, full, Rng, tensor, tidy } from "../../../src/tensor/index.ts";
import { normals } from "../../harness/check.ts";
import { testDevice } from "../../harness/device.ts";
import { ops } from "../../ops/index.ts";

let device: Device;
beforeAll(async () => {
  device = await testDevice();
});

const key = [0x9e3779b9, 0xfffffff1] as const;
const maskOf = (count: number, p: number) => {
  const random = new Random({ key, drawn: 0 });
  return Float64Array.from({ length: count }, () => (random.uniform() >= p ? 1 : 0));
};

describe("dropout", () => {
  for (const [shape, p] of [
    [[1], 0.5],
    [[7, 11], 0.3],
    [[2, 3, 17, 19], 0.9],
    [[5, 13, 31, 37], 0.25],
    [[3, 5], 1],
  ] as const)
    it(`keeps what the host's stream keeps, forward and backward: [${shape}], p = ${p}`, async () => {
      const x = normals("x", shape);
      const g = normals("g", shape);
      const before = device.memory().liveBuffers;
      const once = async (): Promise<Float32Array[]> => {
        const kept = tidy(() => {
          const t = tensor(device, Float32Array.from(x.data), shape).requireGrad();
          const y = dropout(t, { p, rng: key });
          y.backward(tensor(device, Float32Array.from(g.data), shape));
          return [y.detach(), t.grad!.detach()];
        });
        const data = [await kept[0].data(), await kept[1].data()];
        for (const t of kept) t.dispose();
        return data;
      };
      const [y, dx] = await once();
      const mask = { shape, data: maskOf(x.data.length, p) };
      const want = p === 1 ? x.data.map(() => 0) : ops.dropout.reference.forward([x, mask], { p }).data;
      const wantGrad = p === 1 ? x.data.map(() => 0) : ops.dropout.reference.backward([x, mask], { p }, g)[0]!.data;
      y.forEach((v, i) => {
        expect(Math.abs(v - want[i])).toBeLessThanOrEqual(2e-7 * Math.abs(want[i]));
      });
      dx.forEach((v, i) => {
        expect(Math.abs(v - wantGrad[i])).toBeLessThanOrEqual(2e-7 * Math.abs(wantGrad[i]));
      });
      const again = await once();
      expect(again).toEqual([y, dx]);
      expect(device.memory().liveBuffers).toBe(before);
    });

  it("drops a NaN too", async () => {
    const y = tidy(() => dropout(full(device, [64], Number.NaN), { p: 0.5, rng: key }));
    const mask = maskOf(64, 0.5);
    expect([...(await y.data())]).toEqual([...mask].map((kept) => (kept === 1 ? Number.NaN : 0)));
    y.dispose();
  });

  it("a stream gives another mask at each call, and the same ones again from its state", async () => {
    const rng = new Rng(5).fork("dropout");
    const state = rng.state();
    const x = full(device, [1000], 1);
    const tensors = [
      dropout(x, { p: 0.5, rng }),
      dropout(x, { p: 0.5, rng }),
      dropout(x, { p: 0.5, rng: new Rng(state) }),
    ];
    const [a, b, c] = await Promise.all(tensors.map((t) => t.data()));
    expect(c).toEqual(a);
    const both = a.reduce((n, v, i) => n + (v !== 0 && b[i] !== 0 ? 1 : 0), 0);
    expect(both).toBeGreaterThan(200);
    expect(both).toBeLessThan(300);
    for (const t of [...tensors, x]) t.dispose();
  });

  it("p = 0 is x itself; a p that is no probability is refused", () => {
    const x = full(device, [2], 1);
    expect(dropout(x, { p: 0, rng: key })).toBe(x);
    expect(() => dropout(x, { p: 1.5, rng: key })).toThrow(
      new ConfigError("p", "dropout: p is 1.5; give a probability from 0 to 1"),
    );
    expect(() => dropout(x, { p: Number.NaN, rng: key })).toThrow(ConfigError);
    x.dispose();
  });
});
