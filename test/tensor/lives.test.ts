import { describe, expect, test } from "vitest";
import { openDevice } from "../../src/device/index.ts";
import { DeviceError, GradError, OutOfMemoryError } from "../../src/errors.ts";
import { Linear } from "../../src/nn/index.ts";
import * as T from "../../src/tensor/index.ts";
import { testDevice } from "../harness/device.ts";

const soon = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

describe("scope", () => {
  test("requests that run at once keep their tensors: a scope has what its own run made", async () => {
    const d = await testDevice();
    const before = d.memory().liveBuffers;
    const request = async (value: number, ms: number): Promise<number[]> => {
      using s = T.scope();
      const a = s.run(() => T.tensor(d, [value, value]));
      await soon(ms);
      const b = s.run(() => T.matmul(a.reshape([1, 2]), a.reshape([2, 1])));
      await soon(ms);
      return [...(await b.data())];
    };
    const bare = async (): Promise<T.Tensor> => {
      await soon(4);
      return T.tensor(d, [7]);
    };
    const [one, two, free] = await Promise.all([request(2, 20), request(3, 14), bare()]);
    expect([one, two]).toEqual([[8], [18]]);
    expect(await free.item()).toBe(7);
    free.dispose();
    expect(d.memory().liveBuffers).toBe(before);
  });

  test("keep and add move a tensor out and in; a tidy inside keeps what it returns for the scope", async () => {
    const d = await testDevice();
    const before = d.memory().liveBuffers;
    const elsewhere = T.tensor(d, [1]);
    let [kept, freed]: T.Tensor[] = [];
    {
      using s = T.scope();
      s.add(elsewhere);
      kept = s.keep(s.run(() => T.tensor(d, [2])));
      freed = s.run(() => T.tidy(() => T.tensor(d, [3])));
    }
    expect([elsewhere.disposed, kept.disposed, freed.disposed]).toEqual([true, false, true]);
    kept.dispose();
    expect(d.memory().liveBuffers).toBe(before);
  });

  test("refuses a promise and a run after its end", async () => {
    const d = await testDevice();
    const s = T.scope();
    expect(() => s.run(async () => T.tensor(d, [1]))).toThrow(GradError);
    s[Symbol.dispose]();
    expect(() => s.run(() => T.tensor(d, [1]))).toThrow(DeviceError);
    expect(() => T.scope().run(async () => Promise.reject(new Error("its own")))).toThrow(/returned a promise/);
    await soon(1); // its rejection is nobody's
  });
});

test("noGrad refuses a function that returns a promise", async () => {
  const d = await testDevice();
  expect(() => T.noGrad(async () => T.tensor(d, [1]))).toThrow(/noGrad: the function returned a promise/);
  expect(T.isGradEnabled()).toBe(true);
});

describe("what backward lets go of", () => {
  test("results on the way go with the next backward; the loss, its parts, modules' outputs and kept tensors stay", async () => {
    const d = await testDevice();
    const layer = new Linear(3, 3).init(d, new T.Rng(1));
    const x = T.tensor(d, [1, 2, 3, 4, 5, 6], [2, 3]);
    const pass = () => {
      const y = layer.call(x);
      const [between, mine] = [T.softmax(y, 1), T.keep(T.tanh(y))];
      const part = between.mean();
      const loss = T.add(part, mine.mean());
      return { y, between, mine, part, loss };
    };
    const first = pass();
    first.loss.backward();
    expect(await first.between.data()).toHaveLength(6);
    const second = pass();
    second.loss.backward();
    expect(() => first.between.storage).toThrow(/\[2, 3\] was let go of.*keep\(\) it before/);
    for (const t of [first.y, first.mine, first.part, first.loss, second.between]) expect(t.disposed).toBe(false);
    expect(await first.part.item()).toBeGreaterThan(0);
  });

  test("a retained graph runs again, with the gradients added; then it is gone", async () => {
    const d = await testDevice();
    const x = T.tensor(d, [1, 2, 3]).requireGrad();
    const squared = T.square(x);
    const [a, b] = [squared.sum(), T.exp(squared).sum()];
    a.backward({ retainGraph: true });
    a.backward({ retainGraph: true, gradient: T.tensor(d, [10], []) });
    expect([...(await x.grad!.data())]).toEqual([22, 44, 66]);
    expect(squared.disposed).toBe(false);
    x.zeroGrad();
    b.backward();
    expect((await x.grad!.data())[0]).toBeCloseTo(2 * Math.E, 5);
    expect(() => a.backward()).toThrow(/square kept are gone.*retainGraph: true/);
  });

  test("handles that were disposed before take nothing from the pass", async () => {
    const d = await testDevice();
    const before = d.memory().liveBuffers;
    const x = T.tensor(d, [1, 2, 3]).requireGrad();
    const chained = T.tidy(() => T.exp(T.neg(T.square(T.tanh(x)))).sum());
    chained.backward();
    expect((await x.grad!.data()).every((v) => v < 0)).toBe(true);
    for (const t of [x, chained]) t.dispose();
    expect(d.memory().liveBuffers).toBe(before);
  });
});

describe("memory runs short", () => {
  const small = async (maxBytes: number) => openDevice({ adapter: (await testDevice()).info.kind, maxBytes });

  test("a loop that waits each step lives in a budget that its results together exceed", async () => {
    using d = await small(4 * 2 ** 20);
    const x = T.zeros(d, [256, 256]);
    for (let step = 0; step < 100; step++) {
      const y = T.softmax(x, 1);
      expect((await y.data())[0]).toBeCloseTo(1 / 256, 6);
    }
  });

  test("a loop that never waits is told how many tensors it holds, of which shape, and of tidy", async () => {
    using d = await small(2 ** 20);
    const x = T.zeros(d, [64, 64]);
    const held: T.Tensor[] = [];
    const leak = () => {
      for (let step = 0; step < 100; step++) held.push(T.softmax(x, 1));
    };
    expect(leak).toThrow(OutOfMemoryError);
    expect(leak).toThrow(/(\d+) tensors are not disposed of, \d+ of them \[64, 64\]\. .* tidy\(/);
    for (const t of held) t.dispose();
  });

  test("what a backward left goes before an error does", async () => {
    using d = await small(2 ** 20);
    const x = T.zeros(d, [128, 256]).requireGrad(); // an eighth of the budget, and so is the softmax
    T.softmax(x, 1).sum().backward();
    x.zeroGrad();
    expect(T.zeros(d, [190, 1000]).size).toBe(190_000); // six eighths
  });
});
