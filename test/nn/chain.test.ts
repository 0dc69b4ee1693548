import { beforeAll, describe, expect, test } from "vitest";
import type { Device } from "../../src/device/index.ts";
import { BatchNorm2d, Conv2d, chain, Identity, Layer, MaxPool2d, ReLU, Sequential } from "../../src/nn/index.ts";
import { add, concat, keep, noGrad, observeOps, Rng, relu, softmax, Tensor, tidy } from "../../src/tensor/index.ts";
import { testDevice } from "../harness/device.ts";
import { leastBytes, mostBytes } from "../harness/peak.ts";

let device: Device;
beforeAll(async () => {
  device = await testDevice();
});
const rng = new Rng(2);
const image = (c: number, size = 8): Tensor => rng.fork("image").normal(device, [1, c, size, size]);
const opsOf = (work: () => unknown): string[] => {
  const names: string[] = [];
  const stop = observeOps((r) => names.push(r.op));
  tidy(() => {
    work();
  });
  stop();
  return names;
};

describe("chain fuses", () => {
  test("across the borders of Sequentials, and the function relu as the layer ReLU", async () => {
    const inner = new Sequential(new Sequential(new Conv2d(3, 4, 3)), new BatchNorm2d(4));
    using model = new Sequential(inner, new ReLU()).init(device, rng).eval();
    using x = image(3);
    expect(opsOf(() => noGrad(() => model.call(x)))).toEqual(["conv2d"]);
    expect(opsOf(() => noGrad(() => chain(x, inner, relu)))).toEqual(["conv2d"]);
    const [a, b, c] = tidy(() =>
      noGrad(() => {
        const [conv, norm] = [inner.layers[0], inner.layers[1]] as [Sequential, BatchNorm2d];
        return [model.call(x), chain(x, inner, relu), relu(norm.forward(conv.layers[0].forward(x)))];
      }),
    );
    const [fused, same, apart] = await Promise.all([a, b, c].map((t) => t.data()));
    expect(same).toEqual(fused);
    const largest = apart.reduce((m, v) => Math.max(m, v), 0);
    expect(largest).toBeGreaterThan(0.1);
    expect(apart.reduce((m, v, i) => Math.max(m, Math.abs(v - fused[i])), 0)).toBeLessThan(1e-5 * largest);
    for (const t of [a, b, c]) t.dispose();
  });

  test("not into a Sequential that does something else", () => {
    class Residual extends Sequential {
      override forward(x: Tensor): Tensor {
        return add(super.forward(x), x);
      }
    }
    expect(new Residual(new Identity()).call(Tensor.meta([2])).shape).toEqual([2]);
    const ops = opsOf(() => chain(Tensor.meta([1, 2, 4, 4]), new Residual(new Conv2d(2, 2, 1)), new ReLU()));
    expect(ops).toEqual(["conv2d", "add", "relu"]);
  });

  test("with the gradients of the layers one by one", async () => {
    using model = new Sequential(
      new Sequential(new Conv2d(2, 4, 3), new BatchNorm2d(4), new ReLU()),
      new Sequential(new Conv2d(4, 3, 3), new ReLU()),
    ).init(device, rng);
    using x = image(2);
    const layers = (model.layers as Sequential[]).flatMap((s) => s.layers);
    const runs: number[][][] = [];
    for (const run of [() => model.call(x), () => layers.reduce((t: Tensor, l) => l.forward(t), x)]) {
      tidy(() => run().square().mean().backward());
      const grads = await Promise.all(model.parameters().map((p) => p.value.grad!.data()));
      runs.push(grads.map((g) => [...g].map((v) => v + 0)));
      for (const p of model.parameters()) p.value.zeroGrad();
    }
    expect(runs[0]).toEqual(runs[1]);
    expect(runs[0].flat().some((v) => v !== 0)).toBe(true);
  });
});

describe("chain frees", () => {
  test("each result once the next step has run, down to what the graph must hold", () => {
    using x = image(8, 16);
    const pools = Array.from({ length: 6 }, () => new MaxPool2d(3, { stride: 1, padding: 1 }));
    const nested = new Sequential(...pools.slice(0, 2), new Sequential(...pools.slice(2, 4)), ...pools.slice(4));
    const run = (): Tensor[] => [tidy(() => noGrad(() => chain(x, nested, (t) => pools[1].call(t), pools[0])))];
    const most = mostBytes(device, run);
    const least = leastBytes(() => {
      const results = run();
      for (const t of results) t.dispose();
      return results;
    });
    expect(least).toBe(2 * 8 * 16 * 16 * 4);
    expect(most).toBeLessThanOrEqual(least + 256); // max pooling binds a little for the places that nobody asks for
  });

  test("neither x nor what a step returns unchanged", async () => {
    using x = image(2);
    expect(chain(x)).toBe(x);
    expect(chain(x, new Identity(), (t) => t, new Sequential())).toBe(x);
    const y = tidy(() => noGrad(() => chain(x, new Identity(), new MaxPool2d(2), new Identity(), (t) => t)));
    expect([x.disposed, y.disposed]).toEqual([false, false]);
    expect((await y.data()).every(Number.isFinite)).toBe(true);
    y.dispose();
  });

  test("nothing that is needed still: a skip that a step keeps, a block's input, a tensor that a layer owns", async () => {
    class Own extends Layer {
      readonly table = keep(image(2, 4));
      forward(): Tensor {
        return this.table;
      }
    }
    class Block extends Layer {
      readonly downsample = new Sequential(new MaxPool2d(2), new Identity());
      forward(x: Tensor): Tensor {
        const y = chain(x, new MaxPool2d(2), (t) => softmax(t, 1));
        return concat([y, this.downsample.call(x)], 1);
      }
    }
    using x = image(2);
    const own = new Own();
    let skip: Tensor | undefined;
    const before = device.memory().liveBuffers;
    const y = tidy(() =>
      noGrad(() =>
        chain(
          x,
          (t) => concat([t, t], 1),
          (t) => {
            skip = keep(t);
            return softmax(t, 1);
          },
          new Block(),
          () => own.table,
          (t) => concat([t, t], 1),
          own,
          (t) => concat([t, t, new MaxPool2d(2).call(skip as Tensor)], 1),
        ),
      ),
    );
    expect([x, skip as Tensor, own.table].map((t) => t.disposed)).toEqual([false, false, false]);
    expect(y.shape).toEqual([1, 8, 4, 4]);
    expect((await y.data()).every(Number.isFinite)).toBe(true);
    expect(device.memory().liveBuffers).toBe(before + 2);
    for (const t of [y, skip as Tensor, own.table]) t.dispose();
  });
});
