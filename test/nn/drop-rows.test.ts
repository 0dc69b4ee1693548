import { expect, test } from "vitest";
import { ConfigError } from "../../src/errors.ts";
import { Dropout2d, DropPath, Sequential } from "../../src/nn/index.ts";
import { full, Rng, tidy } from "../../src/tensor/index.ts";
import { testDevice } from "../harness/device.ts";

test("Dropout2d and DropPath draw from their layer's stream; eval leaves them out, and no stream is an error", async () => {
  const device = await testDevice();
  const x = full(device, [40, 6, 5, 3], 1);
  for (const layer of [new Dropout2d(0.5), new DropPath(0.5)]) {
    const net = new Sequential(layer);
    expect([...net.namedState()]).toEqual([]);
    expect(() => tidy(() => net.forward(x))).toThrow(
      new ConfigError(
        "rng",
        `${layer.constructor.name}: no random stream; call model.reseed(rng) before each training step, or model.eval()`,
      ),
    );
    const draw = async (): Promise<Float32Array> => {
      const y = tidy(() => net.forward(x));
      const data = await y.data();
      y.dispose();
      return data;
    };
    net.reseed(new Rng(3));
    const first = await draw();
    expect(new Set(first)).toEqual(new Set([0, 2]));
    expect(await draw()).not.toEqual(first);
    net.reseed(new Rng(3));
    expect(await draw()).toEqual(first);
    expect(net.eval().forward(x)).toBe(x);
  }
  expect(() => new Dropout2d(1)).toThrow(ConfigError);
  expect(() => new DropPath(-0.5)).toThrow(ConfigError);
  x.dispose();
});
