import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import type { Device } from "../../src/device/index.ts";
import { CheckpointError, ShapeError } from "../../src/errors.ts";
import { PlanesUNet, UNet } from "../../src/models/index.ts";
import type { HostTensor } from "../../src/nn/index.ts";
import { noGrad, observeOps, Rng, Tensor, tensor, tidy } from "../../src/tensor/index.ts";
import { testDevice } from "../harness/device.ts";

interface Golden {
  parameters: number;
  state: [string, number[]][];
  case: {
    widths: number[];
    landmarks: number[];
    size: [number, number];
    batches: number[];
    inputs: number[][];
    state: Record<string, number[]>;
    train: number[][];
    loss: number;
    grads: Record<string, number[]>;
    running: Record<string, number[]>;
    eval: number[][];
  };
}
const golden = JSON.parse(readFileSync(new URL("../golden/unet.json", import.meta.url), "utf8")) as Golden;

let device: Device;
beforeAll(async () => {
  device = await testDevice();
});

const close = (got: ArrayLike<number>, want: readonly number[], what: string): void => {
  expect(got.length, what).toBe(want.length);
  const scale = want.reduce((m, v) => Math.max(m, Math.abs(v)), 0);
  const worst = want.reduce((m, v, i) => Math.max(m, Math.abs(got[i] - v)), 0);
  expect(worst / scale, `${what}: largest error against its largest value`).toBeLessThan(2e-5);
};

describe("PlanesUNet without a GPU", () => {
  test("has PyTorch's names, shapes and count", () => {
    const net = new PlanesUNet({ landmarks: [19, 19, 18] });
    const names = [...net.namedState()].map(([n, s]) => [n, "shape" in s ? [...s.shape] : []]);
    expect(names).toEqual(golden.state);
    expect(net.parameterCount()).toBe(golden.parameters);
    expect(golden.parameters).toBeGreaterThan(855_000);
    expect(golden.parameters).toBeLessThan(865_000);
  });

  test("gives the shapes and the work of the network for scouts", () => {
    const net = new PlanesUNet({ landmarks: [19, 19, 18] });
    let macs = 0;
    const stop = observeOps(({ op, inputs: [, w], output }) => {
      if (op === "conv2d") macs += output.reduce((a, b) => a * b, 1) * w[1] * w[2] * w[3];
    });
    const out = net.forward([1, 2, 3].map((n) => Tensor.meta([n, 1, 128, 128])));
    expect(out.map((t) => t.shape)).toEqual([
      [1, 19, 64, 64],
      [2, 19, 64, 64],
      [3, 18, 64, 64],
    ]);
    macs = 0;
    net.forward([1, 1, 1].map((n) => Tensor.meta([n, 1, 128, 128])));
    stop();
    expect(2 * macs).toBeGreaterThan(1.52e9);
    expect(2 * macs).toBeLessThan(1.54e9);
  });

  test("refuses sizes that its levels cannot halve, and a wrong number of planes", () => {
    const net = new UNet({ landmarks: 4, widths: [8, 16, 32] });
    expect(net.forward(Tensor.meta([2, 1, 20, 12])).shape).toEqual([2, 4, 20, 12]);
    expect(() => net.forward(Tensor.meta([2, 1, 18, 12]))).toThrow(ShapeError);
    expect(() => net.forward(Tensor.meta([2, 1, 18, 12]))).toThrow(/multiples of 4/);
    expect(() => new PlanesUNet({ landmarks: [1, 2] }).forward([Tensor.meta([1, 1, 128, 128])])).toThrow(
      /1 planes given, the network has 2/,
    );
  });
});

describe("PlanesUNet on a device", () => {
  const { case: c } = golden;
  const build = (): PlanesUNet => {
    const net = new PlanesUNet({ landmarks: c.landmarks, widths: c.widths });
    const shapes = new Map([...net.namedState()].map(([n, s]) => [n, "shape" in s ? s.shape : []]));
    const state = new Map<string, HostTensor>(
      Object.entries(c.state).map(([n, v]) => [
        n,
        { dtype: "F32", shape: shapes.get(n) ?? [], data: Float32Array.from(v) },
      ]),
    );
    return net.load(device, state);
  };
  const inputs = (): Tensor[] => c.inputs.map((v, p) => tensor(device, v, [c.batches[p], 1, ...c.size]));

  test("agrees with PyTorch in training: outputs, loss, gradients, running statistics; then in evaluation", async () => {
    using net = build();
    const { outs, loss } = tidy(() => {
      const results = net.forward(inputs());
      const total = results.map((o) => o.square().mean()).reduce((a, b) => a.add(b));
      total.backward();
      return { outs: results.map((o) => o.detach()), loss: total.detach() };
    });
    for (const [p, o] of outs.entries()) close(await o.data(), c.train[p], `plane ${p}`);
    expect(await loss.item()).toBeCloseTo(c.loss, 5);
    const parameters = net.namedParameters();
    for (const [name, want] of Object.entries(c.grads))
      close(await parameters.get(name)!.value.grad!.data(), want, `gradient of ${name}`);
    const state = await net.stateDict();
    for (const [name, want] of Object.entries(c.running)) close(state.get(name)!.data as Float32Array, want, name);
    expect(state.get("stems.0.1.num_batches_tracked")!.data[0]).toBe(1n);
    net.eval();
    const evaluated = tidy(() => noGrad(() => net.forward(inputs())));
    for (const [p, o] of evaluated.entries()) close(await o.data(), c.eval[p], `plane ${p} in evaluation`);
    for (const t of [...outs, ...evaluated, loss]) t.dispose();
  });

  test("one plane alone gives in evaluation what all together give", async () => {
    using net = build().eval();
    const [all, alone] = tidy(() => noGrad(() => [net.forward(inputs())[2], net.forwardPlane(inputs()[2], 2)]));
    expect(await alone.data()).toEqual(await all.data());
    all.dispose();
    alone.dispose();
  });

  test("holds no more memory without a gradient than its few live activations, and none afterwards", () => {
    using net = new UNet({ landmarks: 2, widths: [8, 8, 8] }).init(device, new Rng(1)).eval();
    const before = device.memory().liveBuffers;
    const x = tensor(device, new Float32Array(32 * 32), [1, 1, 32, 32]);
    device.pool.resetPeak();
    const floor = device.memory().live;
    const free = tidy(() => noGrad(() => net.forward(x)));
    const peak = device.memory().peak - floor;
    // The stem's result, the skip, what comes up to it, and both joined: five of the largest, of the 26 that are made.
    expect(peak).toBeLessThanOrEqual(5 * 8 * 32 * 32 * 4);
    free.dispose();
    x.dispose();
    expect(device.memory().liveBuffers).toBe(before);
  });

  test("a checkpoint of another network is refused as a whole, and changes nothing", async () => {
    using net = new UNet({ landmarks: 2, widths: [4, 8] }).init(device, new Rng(2));
    const before = await net.stateDict();
    const state = new Map(before);
    const bias = state.get("head.bias")!;
    state.delete("head.bias");
    state.set("head.bia", bias);
    state.set("stem.0.weight", { dtype: "F32", shape: [4, 1, 5, 5], data: new Float32Array(100) });
    const refusal = (): unknown => {
      try {
        return net.load(device, state);
      } catch (e) {
        return e;
      }
    };
    const error = refusal();
    expect(error).toBeInstanceOf(CheckpointError);
    expect((error as Error).message).toMatch(/missing \(1\):\s+head\.bias \(the checkpoint has head\.bia\)/);
    expect((error as Error).message).toMatch(/unexpected \(1\):\s+head\.bia/);
    expect((error as Error).message).toMatch(
      /stem\.0\.weight: the model has \[4, 1, 3, 3\], the checkpoint \[4, 1, 5, 5\]/,
    );
    expect(await net.stateDict()).toEqual(before);
  });
});
