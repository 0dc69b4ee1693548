/** Elementwise ops wait and become one kernel: what that must never change. */
import { beforeAll, describe, expect, test } from "vitest";
import { type Device, openDevice } from "../../src/device/index.ts";
import { OutOfMemoryError } from "../../src/errors.ts";
import * as T from "../../src/tensor/index.ts";
import { Rng, recordStep, type Tensor, tensor, tidy } from "../../src/tensor/index.ts";
import { testDevice } from "../harness/device.ts";

let device: Device;
beforeAll(async () => {
  device = await testDevice();
});

const n = 1000;
const normals = (name: string, count = n): Float32Array => {
  const rng = new Rng(11).fork(name);
  return Float32Array.from({ length: count }, () => rng.normal());
};
const dispatchesOf = (work: () => unknown): number => {
  const before = device.counts.dispatches;
  work();
  device.settle();
  return device.counts.dispatches - before;
};
const close = (got: ArrayLike<number>, want: (i: number) => number): void => {
  for (let i = 0; i < got.length; i++) expect(Math.abs(got[i] - want(i))).toBeLessThan(2e-6 * (1 + Math.abs(want(i))));
};

describe("elementwise chains", () => {
  test("become one kernel, with the numbers of each op alone", async () => {
    const [a, b] = [normals("a"), normals("b")];
    const [x, y, s] = [tensor(device, a), tensor(device, b), tensor(device, [0.5])];
    let out: Tensor | undefined;
    const chain = (): Tensor => tidy(() => T.exp(T.relu(x.mul(y).add(0.25)).mul(s).sub(T.sigmoid(x))));
    expect(
      dispatchesOf(() => {
        out = chain();
      }),
    ).toBe(1);
    const sigmoid = (v: number): number => 1 / (1 + Math.exp(-v));
    close(await out!.data(), (i) => Math.exp(Math.max(a[i] * b[i] + 0.25, 0) * 0.5 - sigmoid(a[i])));
    for (const t of [x, y, s, out!]) t.dispose();
  });

  test("nothing runs for what nobody asks for", () => {
    const x = tensor(device, normals("a"));
    expect(dispatchesOf(() => tidy(() => void T.exp(x.mul(2).add(1))))).toBe(0);
    x.dispose();
  });

  test("what is used twice is not repeated without end, and what is kept can be read", async () => {
    const a = normals("a");
    const x = tensor(device, a);
    const double = x.mul(2);
    const list = Array.from({ length: 10 }, (_, i) => double.add(i));
    expect(dispatchesOf(() => undefined)).toBe(10); // the rest of settling
    for (let i = 0; i < 10; i++) close(await list[i].data(), (k) => 2 * a[k] + i);
    close(await double.data(), (k) => 2 * a[k]);
    for (const t of [x, double, ...list]) t.dispose();
  });

  test("doubling an op's own result 60 times stays one step an op", async () => {
    const x = tensor(device, [1]);
    const y = tidy(() => {
      let t = x;
      for (let i = 0; i < 60; i++) t = t.add(t);
      return t;
    });
    expect(await y.item()).toBe(2 ** 60);
    for (const t of [x, y]) t.dispose();
  });

  test("more inputs and numbers than one kernel takes go into several", async () => {
    const inputs = Array.from({ length: 9 }, (_, i) => normals(`i${i}`));
    const tensors = inputs.map((v) => tensor(device, v));
    const sum = tidy(() => tensors.reduce((s, t, i) => s.add(t.mul(i + 1).add(0.1 * i))));
    const data = await sum.data();
    for (let k = 0; k < n; k++) {
      const want = inputs.reduce((s, v, i) => s + (i === 0 ? v[k] : v[k] * (i + 1) + 0.1 * i), 0);
      expect(Math.abs(data[k] - want)).toBeLessThan(1e-4);
    }
    for (const t of [...tensors, sum]) t.dispose();
  });

  test("reads its inputs as they were, whatever is written afterwards", async () => {
    const x = tensor(device, [1, 2, 3]);
    const y = x.mul(10);
    x.write(Float32Array.of(7, 7, 7));
    expect([...(await y.data())]).toEqual([10, 20, 30]);
    const [mean, variance] = [tensor(device, [0, 0]), tensor(device, [1, 1])];
    const [scale, shift] = [tensor(device, [1, 1]), tensor(device, [0, 0])];
    const image = tensor(device, normals("image", 8), [2, 2, 2, 1]);
    const before = mean.add(1);
    const out = T.batchNorm(image, {
      weight: scale,
      bias: shift,
      runningMean: mean,
      runningVar: variance,
      training: true,
    });
    expect([...(await before.data())]).toEqual([1, 1]);
    expect((await mean.data())[0]).not.toBe(0);
    for (const t of [x, y, mean, variance, scale, shift, image, before, out]) t.dispose();
  });

  test("a recorded step neither takes in what was waiting nor leaves its own waiting", async () => {
    const before = device.memory().liveBuffers;
    const x = tensor(device, [1, 2, 3]);
    const early = x.mul(2);
    const recorded = recordStep(device, () => early.add(x).mul(0.5));
    expect(recorded.length).toBe(1);
    expect([...(await recorded.value.data())]).toEqual([1.5, 3, 4.5]);
    const kept = recorded.value.neg();
    x.write(Float32Array.of(10, 20, 30)); // `early` keeps its numbers
    recorded.run();
    expect([...(await recorded.value.data())]).toEqual([6, 12, 18]);
    expect([...(await kept.data())]).toEqual([-1.5, -3, -4.5]);
    recorded.dispose();
    for (const t of [x, early, kept]) t.dispose();
    expect(device.memory().liveBuffers).toBe(before);
  });

  test("keeps disposed inputs until it has run, and gives them back", async () => {
    const before = device.memory().liveBuffers;
    const x = tensor(device, [1, 2, 3]);
    const y = x.add(1);
    x.dispose();
    expect([...(await y.data())]).toEqual([2, 3, 4]);
    expect(device.memory().liveBuffers).toBe(before + 1);
    const z = y.add(1);
    y.dispose();
    z.dispose();
    expect(device.memory().liveBuffers).toBe(before);
    expect(device.unsettled.size).toBe(0);
  });

  test("gradients through a chain, with NaN and signs of zero as they come", async () => {
    const a = Float32Array.of(-2, -0, 0, 3, Number.NaN, Number.POSITIVE_INFINITY);
    const x = tensor(device, a).requireGrad();
    const y = T.relu(x).mul(3).add(x);
    y.backward(tensor(device, [1, 1, 1, 1, 1, 1]));
    expect([...(await y.data())]).toEqual([-2, 0, 0, 12, Number.NaN, Number.POSITIVE_INFINITY]);
    expect([...(await x.grad!.data())].slice(0, 4)).toEqual([1, 1, 1, 4]);
    const large = tensor(device, normals("large")).requireGrad();
    const data = await large.data();
    T.square(T.sigmoid(large)).mul(0.5).mean().backward();
    close(await large.grad!.data(), (i) => {
      const s = 1 / (1 + Math.exp(-data[i]));
      return (s * s * (1 - s)) / n;
    });
    for (const t of [x, y, large]) t.dispose();
  });

  test("memory that runs out is told when the numbers are asked for; the chain can be asked again", async () => {
    const small = await openDevice({ adapter: device.info.kind });
    const x = tensor(small, normals("a"));
    const y = x.mul(2).add(1);
    const { live, liveBuffers } = small.memory();
    small.pool.onAllocate = (bytes) => {
      throw new OutOfMemoryError(bytes, live, live, "test");
    };
    await expect(y.data()).rejects.toThrow(OutOfMemoryError);
    expect(small.memory().liveBuffers).toBe(liveBuffers);
    small.pool.onAllocate = undefined;
    // The same where the kernel itself cannot be recorded: nothing of what the memory held before ever shows.
    const { dispatch } = small;
    small.dispatch = () => {
      throw new Error("no kernel");
    };
    await expect(y.data()).rejects.toThrow("no kernel");
    expect(small.memory().liveBuffers).toBe(liveBuffers);
    small.dispatch = dispatch;
    close(await y.data(), (i) => 2 * normals("a")[i] + 1);
    small.destroy();
  });
});
