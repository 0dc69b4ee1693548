import { describe, expect, test } from "vitest";
import { openDevice } from "../../src/device/index.ts";
import { DeviceError, DeviceLostError, GradError, ShapeError } from "../../src/errors.ts";
import * as T from "../../src/tensor/index.ts";
import { testDevice } from "../harness/device.ts";

describe("lives of tensors", () => {
  test("tidy disposes all but what it returns, at any depth", async () => {
    const d = await testDevice();
    const before = d.memory().liveBuffers;
    const { kept, list } = T.tidy(() => {
      const a = T.tensor(d, [1, 2, 3]);
      T.mul(T.add(a, 1), 2);
      return { kept: T.add(a, 10), list: [T.neg(a)] };
    });
    d.settle();
    expect(d.memory().liveBuffers).toBe(before + 2);
    expect([...(await kept.data())]).toEqual([11, 12, 13]);
    expect([...(await list[0].data())]).toEqual([-1, -2, -3]);
    kept.dispose();
    list[0].dispose();
    expect(d.memory().liveBuffers).toBe(before);
  });

  test("tidy refuses a function that returns a promise, and cleans up after an error", async () => {
    const d = await testDevice();
    const before = d.memory().liveBuffers;
    expect(() => T.tidy(async () => T.tensor(d, [1]))).toThrow(GradError);
    expect(() =>
      T.tidy(() => {
        T.tensor(d, [1]);
        throw new Error("stop");
      }),
    ).toThrow("stop");
    await Promise.resolve();
    expect(d.memory().liveBuffers).toBe(before);
  });

  test("a disposed tensor is refused by name, and disposing twice is harmless", async () => {
    const d = await testDevice();
    const a = T.tensor(d, [1, 2, 3]);
    a.dispose();
    a.dispose();
    expect(() => T.add(a, 1)).toThrow(DeviceError);
    expect(() => T.add(a, 1)).toThrow("[3] was disposed");
  });

  test("disposing a handle does not break a pending backward; dropping the result frees what the tape kept", async () => {
    const d = await testDevice();
    const before = d.memory().liveBuffers;
    const x = T.tensor(d, [1, 2, 3]).requireGrad();
    const squared = T.square(x);
    const negative = T.neg(squared);
    const y = T.exp(negative);
    const z = T.tidy(() => y.sum());
    for (const t of [squared, negative, y]) t.dispose();
    z.backward();
    const g = await x.grad!.data();
    [1, 2, 3].forEach((v, i) => {
      expect(g[i]).toBeCloseTo(-2 * v * Math.exp(-v * v), 6);
    });
    z.dispose();
    T.tidy(() => T.exp(T.square(x)).sum()).dispose(); // recorded, never run backward
    x.dispose();
    expect(d.memory().liveBuffers).toBe(before);
  });
});

describe("autograd", () => {
  test("gradients add up over uses and over backward passes until zeroGrad", async () => {
    const d = await testDevice();
    const x = T.tensor(d, [3]).requireGrad();
    T.mul(x, x).sum().backward();
    T.mul(x, 5).sum().backward();
    expect(await x.grad!.item()).toBe(11);
    x.zeroGrad();
    expect(x.grad).toBeNull();
  });

  test("a value overwritten between forward and backward is an error, not a wrong gradient", async () => {
    const d = await testDevice();
    const w = T.tensor(d, [2, 3]).requireGrad();
    const y = T.square(w).sum();
    w.write(Float32Array.of(7, 7));
    expect(() => y.backward()).toThrow(/square.*overwritten in place/);
  });

  test("a second backward, a result without history, and a non-scalar are refused with the cure", async () => {
    const d = await testDevice();
    const x = T.tensor(d, [1, 2]).requireGrad();
    const y = T.exp(x).sum();
    y.backward();
    expect(() => y.backward()).toThrow(/run the forward pass again/);
    expect(() => T.tensor(d, [1]).backward()).toThrow(/requireGrad/);
    expect(() => T.exp(x).backward()).toThrow(/mean\(\) or sum\(\)/);
    expect(() => T.noGrad(() => T.exp(x).sum()).backward()).toThrow(/no history/);
    expect(() => T.exp(x).requireGrad()).toThrow(GradError);
  });

  test("a chain of 5,000 ops goes back without overflowing the stack, and frees everything", async () => {
    const d = await testDevice();
    const before = d.memory().liveBuffers;
    const x = T.tensor(d, [1]).requireGrad();
    const y = T.tidy(() => {
      let v: T.Tensor = x;
      for (let i = 0; i < 5000; i++) v = T.add(v, 0.001);
      return v.sum();
    });
    y.backward();
    expect(await x.grad!.item()).toBe(1);
    y.dispose();
    x.dispose();
    expect(d.memory().liveBuffers).toBe(before);
  });

  test("no gradient flows into what does not want one, and detach cuts", async () => {
    const d = await testDevice();
    const a = T.tensor(d, [2]).requireGrad();
    const b = T.tensor(d, [3]);
    T.mul(a, b).sum().backward();
    expect(await a.grad!.item()).toBe(3);
    expect(b.grad).toBeNull();
    expect(T.mul(a.detach(), b).requiresGrad).toBe(false);
  });
});

describe("tensors at their limits", () => {
  // The least that any adapter binds, so that the walk is walked on every one.
  const portable = async () => openDevice({ adapter: (await testDevice()).info.kind, portableLimits: true });

  test("elementwise ops and matmul walk tensors larger than one binding", async () => {
    using d = await portable();
    const limit = d.limits.maxStorageBufferBindingSize;
    const rows = Math.floor(limit / 4 / 1000) + 5001;
    const host = new Float32Array(rows * 1000);
    for (let i = 0; i < host.length; i++) host[i] = (i % 97) - 48;
    const x = T.tensor(d, host, [rows, 1000]);
    const y = T.mul(T.add(x, 1), x);
    const at = [0, limit / 4 - 1, limit / 4, limit / 4 + 1, host.length - 1];
    const got = await y.data();
    for (const i of at) expect(got[i]).toBe((host[i] + 1) * host[i]);
    const row = T.tensor(
      d,
      Float32Array.from({ length: 1000 }, (_, i) => (i % 5) - 2),
      [1000, 1],
    );
    const product = await T.matmul(x, row).data();
    for (const r of [0, rows - 5001, rows - 5000, rows - 1]) {
      let want = 0;
      for (let c = 0; c < 1000; c++) want += host[r * 1000 + c] * ((c % 5) - 2);
      expect(product[r]).toBeCloseTo(want, 1);
    }
  });

  test("an op that cannot walk throws with the tensor's name and size, and gives no zeros", async () => {
    using d = await portable();
    const limit = d.limits.maxStorageBufferBindingSize;
    const x = T.zeros(d, [1, 1, limit / 4 / 1024 + 1, 1024]);
    expect(() => T.conv2d(x, T.zeros(d, [1, 1, 1, 1]))).toThrow(
      new RegExp(`x \\[1, 1, \\d+, 1024\\] has ${limit + 4096} bytes`),
    );
  });

  test("every handle of a lost device throws, and reading gives no zeros", async () => {
    const d = await openDevice({ adapter: (await testDevice()).info.kind });
    const x = T.tensor(d, [1, 2, 3]);
    const pending = T.add(x, 1).data();
    d.destroy();
    await expect(pending).rejects.toThrow(DeviceLostError);
    expect(() => T.add(x, 1)).toThrow(DeviceLostError);
    await expect(x.data()).rejects.toThrow(DeviceLostError);
    x.dispose();
  });

  test("shapes are worked out without a GPU", () => {
    const x = T.Tensor.meta([2, 3, 64, 64]);
    const seen: string[] = [];
    const stop = T.observeOps((r) => seen.push(`${r.op} -> [${r.output}]`));
    T.relu(T.conv2d(x, T.Tensor.meta([8, 3, 3, 3]), { stride: 2, padding: 1 })).mean();
    stop();
    expect(seen).toEqual(["conv2d -> [2,8,32,32]", "relu -> [2,8,32,32]", "mean -> []"]);
    expect(() => T.conv2d(x, T.Tensor.meta([32, 16, 3, 3]))).toThrow(
      "conv2d: x has C=3 in [N=2, C=3, H=64, W=64] but w wants I=16 in [O=32, I=16, kH=3, kW=3] (groups=1)",
    );
    expect(() => T.tensor({} as never, [1, 2, 3], [2, 2])).toThrow(ShapeError);
  });

  test("observers get the handles of an op, and know one that runs inside another", async () => {
    const device = await testDevice();
    const twice: T.Op<undefined> = { name: "twice", shape: ([s]) => s, forward: (_, [t]) => T.add(t, t) };
    const seen: T.OpRecord[] = [];
    const stop = T.observeOps((r) => seen.push(r));
    const x = T.tensor(device, [1, 2]);
    const y = T.apply(twice, [x], undefined);
    stop();
    expect(seen.map((r) => [r.op, r.nested])).toEqual([
      ["add", true],
      ["twice", false],
    ]);
    expect(seen[1].tensors.inputs[0]).toBe(x);
    expect(seen[1].tensors.output).toBe(y);
    for (const t of [x, y]) t.dispose();
  });
});
