import { beforeAll, describe, expect, it } from "vitest";
import type { Device } from "../../../src/device/index.ts";
import { ConfigError } from "../../../src/errors.ts";
import { dropout2d, dropPath, full, Rng, tidy } from "../../../src/tensor/index.ts";
import { testDevice } from "../../harness/device.ts";

let device: Device;
beforeAll(async () => {
  device = await testDevice();
});

describe("channelDropout and dropPath", () => {
  it("keep or drop a whole channel, or a whole sample", async () => {
    const [a, b] = tidy(() => {
      const x = full(device, [50, 40, 3], 1);
      const rng = new Rng(3);
      return [dropout2d(x, { p: 0.25, rng }), dropPath(x, { p: 0.5, rng })];
    });
    const [channels, samples] = [await a.data(), await b.data()];
    const kept = (data: Float32Array, s: number): number => {
      let n = 0;
      for (let i = 0; i < data.length; i += s) {
        expect(new Set(data.subarray(i, i + s)).size).toBe(1);
        n += data[i] === 0 ? 0 : 1;
      }
      return n;
    };
    expect(Math.abs(kept(channels, 3) / 2000 - 0.75)).toBeLessThan(0.04);
    expect(Math.abs(kept(samples, 120) / 50 - 0.5)).toBeLessThan(0.25);
    expect(new Set(channels)).toEqual(new Set([0, Math.fround(4 / 3)]));
    a.dispose();
    b.dispose();
  });

  it("a NaN in what is dropped is dropped; p = 1 drops all", async () => {
    const y = tidy(() => dropPath(full(device, [9, 5], Number.NaN), { p: 1, rng: [1, 2] }));
    expect(await y.data()).toEqual(new Float32Array(45));
    y.dispose();
  });

  it("a stream gives another mask at each call; p = 0 is x itself; a p that is no probability is refused", async () => {
    const x = full(device, [64, 3], 1);
    const rng = new Rng(5);
    const [a, b] = [dropPath(x, { p: 0.5, rng }), dropPath(x, { p: 0.5, rng })];
    expect(await a.data()).not.toEqual(await b.data());
    expect(dropPath(x, { p: 0, rng })).toBe(x);
    expect(dropout2d(x, { p: 0, rng })).toBe(x);
    for (const p of [1.5, -0.1, Number.NaN]) expect(() => dropout2d(x, { p, rng })).toThrow(ConfigError);
    for (const t of [a, b, x]) t.dispose();
  });
});
