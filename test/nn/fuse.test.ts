import { describe, expect, it } from "vitest";
import { ConfigError, DTypeError, GradError, ShapeError } from "../../src/errors.ts";
import { conv2dVariants } from "../../src/kernels/conv/conv2d-variants.ts";
import { BatchNorm2d, Conv2d, type Layer, LeakyReLU, ReLU, Sequential } from "../../src/nn/index.ts";
import { cast, conv2d, keep, noGrad, observeOps, Rng, type Tensor, tensor, tidy } from "../../src/tensor/index.ts";
import { testDevice } from "../harness/device.ts";

const rng = new Rng(6);
const largest = (v: Float32Array): number => v.reduce((m, x) => Math.max(m, Math.abs(x)), 0);
const distance = (a: Float32Array, b: Float32Array): number => largest(a.map((v, i) => v - b[i]));

/** The layers one by one, as nobody fuses them. */
const apart = (layers: readonly Layer[], x: Tensor): Tensor => layers.reduce((t, l) => l.forward(t), x);
const opsOf = (work: () => unknown): string[] => {
  const names: string[] = [];
  const stop = observeOps((r) => names.push(r.op));
  tidy(() => {
    work();
  });
  stop();
  return names;
};

async function network(...layers: Layer[]) {
  const device = await testDevice();
  const model = new Sequential(...layers).init(device, rng.fork("model"));
  for (const l of layers)
    if (l instanceof BatchNorm2d) {
      const each = (low: number, high: number) => {
        const r = rng.fork(`norm ${low}`);
        return Float32Array.from({ length: l.weight.shape[0] }, () => r.uniform(low, high));
      };
      l.weight.set(device, each(0.5, 2));
      l.bias.set(device, each(-1, 1));
      l.runningMean.set(device, each(-0.5, 0.5));
      l.runningVar.set(device, each(0.2, 3));
    }
  const x = keep(rng.fork("x").normal(device, [2, 3, 10, 9]));
  return { device, model, layers, x };
}

describe("what Sequential fuses", () => {
  it("a convolution and its ReLU: one op, the values and gradients of two", async () => {
    const { device, model, layers, x } = await network(new Conv2d(3, 5, 3, { padding: 1 }), new ReLU());
    expect(opsOf(() => noGrad(() => model.forward(x)))).toEqual(["conv2d"]);
    const results: Float32Array[][] = [];
    x.requireGrad();
    for (const run of [() => model.forward(x), () => apart(layers, x)]) {
      const y = tidy(run);
      const g = keep(rng.fork("g").normal(device, y.shape));
      y.backward(g);
      const grads = [x, ...[...model.namedParameters().values()].map((p) => p.value)].map((t) => t.grad!);
      results.push(await Promise.all([y, ...grads].map((t) => t.data())));
      for (const t of [y, g]) t.dispose();
      x.zeroGrad();
      for (const p of model.namedParameters().values()) p.value.zeroGrad();
    }
    const flat = (v: Float32Array) => [...v].map((n) => n + 0);
    expect(results[0].map(flat)).toEqual(results[1].map(flat));
    expect(results[0][0].filter((v) => v === 0).length).toBeGreaterThan(10);
    for (const t of [x, model]) t.dispose();
  });

  it("a batch norm between them, outside training and where no gradient is asked for", async () => {
    for (const bias of [true, false]) {
      const made = await network(
        new Conv2d(3, 5, 3, { padding: 1, bias }),
        new BatchNorm2d(5),
        new ReLU(),
        new Conv2d(5, 4, 1),
        new BatchNorm2d(4),
      );
      const { device, model, layers, x } = made;
      model.eval();
      const before = device.memory().liveBuffers;
      expect(opsOf(() => noGrad(() => model.forward(x)))).toEqual(["conv2d", "conv2d"]);
      const [fused, plain] = tidy(() => noGrad(() => [model.forward(x), apart(layers, x)]));
      const [a, b] = [await fused.data(), await plain.data()];
      expect(distance(a, b)).toBeLessThan(1e-5 * largest(b));
      expect(
        distance(
          a,
          b.map(() => 0),
        ),
      ).toBeGreaterThan(0.1);
      fused.dispose();
      plain.dispose();
      expect(device.memory().liveBuffers).toBe(before);
      expect(opsOf(() => model.forward(x))).toContain("batchNorm"); // its weights may want a gradient
      model.train();
      expect(opsOf(() => noGrad(() => model.forward(x)))).toContain("batchNorm");
      for (const t of [x, model]) t.dispose();
    }
  });

  it.each(
    conv2dVariants.map((v) => v.name),
  )("a batch norm, with groups, stride and dilation, by %s", async (variant) => {
    const { device, model, layers, x } = await network(
      new Conv2d(3, 12, 3, { padding: 1, groups: 3 }),
      new BatchNorm2d(12, { eps: 1e-3 }),
      new ReLU(),
      new Conv2d(12, 8, 1, { bias: false }),
      new BatchNorm2d(8),
      new Conv2d(8, 8, [3, 2], { stride: [1, 2], dilation: [2, 1], padding: 2, groups: 2 }),
      new BatchNorm2d(8),
      new ReLU(),
    );
    model.eval();
    device.variants.set("conv2d", variant);
    const ops = opsOf(() => noGrad(() => model.forward(x)));
    const [fused, plain] = tidy(() => noGrad(() => [model.forward(x), apart(layers, x)]));
    device.variants.delete("conv2d");
    expect(ops).toEqual(["conv2d", "conv2d", "conv2d"]);
    const [a, b] = [await fused.data(), await plain.data()];
    expect(distance(a, b) / largest(b)).toBeLessThan(1e-6); // the same steps, a few roundings apart
    for (const t of [fused, plain, x, model]) t.dispose();
  });

  it("nothing else: other activations, and what only looks like a convolution", async () => {
    class Doubling extends Conv2d {
      override forward(x: Tensor): Tensor {
        return super.forward(x).mul(2);
      }
    }
    for (const layers of [
      [new Conv2d(3, 5, 3), new LeakyReLU()],
      [new Doubling(3, 5, 3), new ReLU()],
      [new Conv2d(3, 5, 3, { padding: 1, paddingMode: "reflect" }), new ReLU()],
    ]) {
      const { model, x } = await network(...layers);
      const [a, b] = tidy(() => noGrad(() => [model.forward(x), apart(layers, x)]));
      expect(await a.data()).toEqual(await b.data());
      for (const t of [a, b, x, model]) t.dispose();
    }
  });

  it("lets NaN through, and says what cannot be fused", async () => {
    const device = await testDevice();
    const x = tensor(device, Float32Array.of(1, Number.NaN, -3, 2), [1, 1, 1, 4]);
    const w = tensor(device, Float32Array.of(1), [1, 1, 1, 1]);
    const y = conv2d(x, w, { activation: "relu" });
    expect([...(await y.data())]).toEqual([1, Number.NaN, 0, 2]);
    expect(() => conv2d(x, w, { activation: "gelu" as never })).toThrow(ConfigError);
    for (const t of [x, w, y]) t.dispose();
  });

  it("refuses a norm that does not fit, or that stands in the way of a gradient", async () => {
    const device = await testDevice();
    const vector = (n: number): Tensor => tensor(device, new Float32Array(n).fill(1), [n]);
    const x = tensor(device, new Float32Array(16), [1, 1, 4, 4]);
    const w = tensor(device, Float32Array.of(2), [1, 1, 1, 1]);
    const [one, three] = [vector(1), vector(3)];
    const norm = { runningMean: one, runningVar: one };
    const call = (given: object, a = x): Tensor => tidy(() => conv2d(a, w, { norm: { ...norm, ...given } }));
    expect(() => call({ runningVar: three })).toThrow(ShapeError);
    expect(() => call({ weight: one, bias: three })).toThrow(
      /norm.bias is \[3\]; w \[1, 1, 1, 1\] makes O=1 channels, so it must be \[1\]/,
    );
    expect(() => call({ weight: one })).toThrow(ConfigError);
    const nothing = tensor(device, new Float32Array(0), [1, 1, 0, 4]);
    expect(() => conv2d(nothing, w, { norm, padding: 1 })).toThrow(/with a norm only N may be 0/);
    if (device.features.has("shader-f16")) {
      const half = cast(one, "f16");
      expect(() => call({ runningMean: half })).toThrow(DTypeError);
      half.dispose();
    }
    w.requireGrad();
    expect(() => call({})).toThrow(GradError);
    const y = noGrad(() => call({})); // (0 - 1) / sqrt(1 + 1e-5)
    expect((await y.data())[0]).toBeCloseTo(-1, 4);
    for (const t of [x, w, one, three, nothing, y]) t.dispose();
  });
});
