import { expect, test } from "vitest";
import { GradError, ShapeError } from "../../src/errors.ts";
import * as T from "../../src/tensor/index.ts";
import { testDevice } from "../harness/device.ts";

test("an op whose forward gives its input, or a tensor from elsewhere, disposes neither", async () => {
  const d = await testDevice();
  const constant = T.tensor(d, [5, 6]);
  const same: T.Op<undefined> = {
    name: "same",
    shape: ([s]) => s,
    forward: (_, [x]) => x,
    backward: () => [constant],
  };
  const elsewhere: T.Op<undefined> = { name: "elsewhere", shape: ([s]) => s, forward: () => constant };
  const x = T.tensor(d, [1, 2]).requireGrad();
  const plain = T.tensor(d, [3, 4]);
  const [a, b, c] = [x, plain, plain].map((t, i) => T.apply(i < 2 ? same : elsewhere, [t], undefined));
  a.sum().backward();
  expect([...(await x.grad!.data())]).toEqual([5, 6]);
  x.zeroGrad();
  for (const t of [a, b, c]) t.dispose();
  for (const t of [x, plain, constant]) expect(t.disposed).toBe(false);
  expect([...(await x.data()), ...(await plain.data()), ...(await constant.data())]).toEqual([1, 2, 3, 4, 5, 6]);
});

test("a gradient that the user holds keeps its numbers over the next backward and over zeroGrad", async () => {
  const d = await testDevice();
  const x = T.tensor(d, [3]).requireGrad();
  T.mul(x, 2).sum().backward();
  const first = x.grad!;
  T.mul(x, 5).sum().backward();
  const both = x.grad!;
  x.zeroGrad();
  T.mul(x, 7).sum().backward();
  expect([await first.item(), await both.item(), await x.grad!.item()]).toEqual([2, 7, 7]);
  for (const t of [first, both, x]) t.dispose();
});

test("gradients that nobody had in hand go with zeroGrad and the next pass", async () => {
  const d = await testDevice();
  const x = T.tensor(d, [3, 4]).requireGrad();
  const pass = () => T.tidy(() => T.square(x).sum().backward());
  pass();
  const one = d.memory().liveBuffers;
  pass();
  d.settle();
  expect(d.memory().liveBuffers).toBe(one);
  x.zeroGrad();
  expect(d.memory().liveBuffers).toBe(one - 1);
  x.dispose();
});

test("a gradient that was had in a scope ends with it, where it is neither kept nor returned", async () => {
  const d = await testDevice();
  const x = T.tensor(d, [3, 4]).requireGrad();
  const pass = (factor: number) => T.mul(x, factor).sum().backward();
  const step = <R>(run: (g: T.Tensor) => R): R =>
    T.tidy(() => {
      pass(2);
      const result = run(x.grad!);
      x.zeroGrad();
      return result;
    });
  const before = d.memory().liveBuffers;
  step((g) => void g);
  d.settle();
  expect(d.memory().liveBuffers).toBe(before);
  const returned = step((g) => g);
  expect([...(await returned.data())]).toEqual([2, 2]);
  let own: T.Tensor | undefined;
  T.tidy(() => step((g) => (own = T.keep(g))));
  expect([...(await own!.data())]).toEqual([2, 2]);
  // Had in a scope that ended before, it is the leaf's again, and goes with zeroGrad.
  const more = d.memory().liveBuffers;
  T.tidy(() => {
    pass(2);
    expect(x.grad?.shape).toEqual([2]);
  });
  x.zeroGrad();
  {
    using s = T.scope();
    s.run(() => {
      pass(3);
      expect(x.grad?.shape).toEqual([2]);
      x.zeroGrad();
    });
  }
  d.settle();
  expect(d.memory().liveBuffers).toBe(more);
  for (const t of [returned, own!, x]) t.dispose();
});

test("requireGrad(false) takes mark and gradient away", async () => {
  const d = await testDevice();
  const x = T.tensor(d, [3, 4]).requireGrad();
  T.square(x).sum().backward();
  x.requireGrad(false);
  expect([x.requiresGrad, x.grad]).toEqual([false, null]);
  expect(() => T.square(x).sum().backward()).toThrow(GradError);
});

test("new Tensor() says how tensors are made", () => {
  const make = T.Tensor as unknown as new () => T.Tensor;
  expect(() => new make()).toThrow(ShapeError);
  expect(() => new make().backward()).toThrow(/tensor\(device, data, shape\)/);
});
