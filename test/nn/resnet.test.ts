import { add, type Device, type DispatchRecord, noGrad, Rng, relu, type Tensor, tidy } from "fiducial";
import { type Layer, Sequential } from "fiducial/nn";
import { beforeAll, describe, expect, test } from "vitest";
import { BasicBlock, ResNet, type ResNetOptions } from "../../examples/resnet.ts";
import { testDevice } from "../harness/device.ts";
import { leastBytes, mostBytes } from "../harness/peak.ts";

/** A network as a user writes it: examples/resnet.ts, from the package's public names alone. */
let device: Device;
beforeAll(async () => {
  device = await testDevice();
});

/** torchvision's names of a residual network, in its order (torchvision/models/resnet.py, `_make_layer` and `BasicBlock`). */
function torchvisionNames(blocks: readonly number[]): string[] {
  const norm = (name: string): string[] =>
    ["weight", "bias", "running_mean", "running_var", "num_batches_tracked"].map((n) => `${name}.${n}`);
  const names = ["conv1.weight", ...norm("bn1")];
  blocks.forEach((count, i) => {
    for (let j = 0; j < count; j++) {
      const at = `layer${i + 1}.${j}`;
      names.push(`${at}.conv1.weight`, ...norm(`${at}.bn1`), `${at}.conv2.weight`, ...norm(`${at}.bn2`));
      if (i > 0 && j === 0) names.push(`${at}.downsample.0.weight`, ...norm(`${at}.downsample.1`));
    }
  });
  return [...names, "fc.weight", "fc.bias"];
}

test("its state has torchvision's names and counts", () => {
  const [small, large] = [
    [2, 2, 2, 2],
    [3, 4, 6, 3],
  ].map((blocks) => new ResNet({ blocks }));
  expect([...small.namedState()].map(([n]) => n)).toEqual(torchvisionNames([2, 2, 2, 2]));
  expect([...large.namedState()].map(([n]) => n)).toEqual(torchvisionNames([3, 4, 6, 3]));
  expect([...small.namedState()]).toHaveLength(122);
  expect([small, large].map((m) => m.parameterCount())).toEqual([11_689_512, 21_797_672]); // torchvision's documentation
});

/** 16 blocks. */
const network = (options: Partial<ResNetOptions> = {}): ResNet =>
  new ResNet({ blocks: [3, 4, 6, 3], width: 8, classes: 10, ...options }).init(device, new Rng(5));
const image = (size: number, n = 1): Tensor => new Rng(6).normal(device, [n, 3, size, size]);

/** Kernels by their family, of work that nothing waits for afterwards. */
function kernelsOf(work: () => unknown): Record<string, number> {
  const count: Record<string, number> = {};
  const observe = ({ pipeline }: DispatchRecord): void => {
    const { name } = pipeline.spec.shader;
    const family = ["conv", "map"].find((f) => name.includes(f)) ?? name;
    count[family] = (count[family] ?? 0) + 1;
  };
  device.settle();
  device.observers.add(observe);
  tidy(() => {
    work();
    device.settle();
  });
  device.observers.delete(observe);
  return count;
}

describe("in evaluation without a gradient", () => {
  test.each([
    "direct",
    "tile",
    "subgroup",
  ])("convolution, batch norm and ReLU are one kernel by %s, add and ReLU one", (variant) => {
    device.variants.set("conv2d", variant); // Winograd's way takes several kernels for one convolution
    using plain = new BasicBlock(4, 4).init(device, new Rng(1)).eval();
    using strided = new BasicBlock(4, 6, 2).init(device, new Rng(1)).eval();
    using x = new Rng(2).normal(device, [1, 4, 8, 8]);
    expect(kernelsOf(() => noGrad(() => plain.call(x)))).toEqual({ conv: 2, map: 1 });
    expect(kernelsOf(() => noGrad(() => strided.call(x)))).toEqual({ conv: 3, map: 1 });
    using model = network({ small: true }).eval();
    using images = image(16);
    const { conv, map, ...others } = kernelsOf(() => noGrad(() => model.call(images)));
    expect({ conv, map }).toEqual({ conv: 36, map: 17 }); // 16 blocks, and the bias of fc
    expect(Object.keys(others).filter((name) => !/matmul|product|reduce/.test(name))).toEqual([]);
    device.variants.delete("conv2d");
  });

  // Without a variant to insist on, the images are so small that no adapter chooses Winograd's way, whose scratch memory comes on top
  // of the graph's tensors.
  test.each([
    ["whose blocks hold the most", "tile", { small: true }, 64],
    ["whose first layers hold the most", "tile", { width: 4 }, 128],
    ["whose weights outweigh all activations", "tile", { small: true, width: 32 }, 32],
    ["with the kernels' own choices", "", { small: true, width: 16 }, 16],
  ] as const)("a network of 16 blocks %s takes at most 1.15 of the memory its graph must have", (_, variant, options, size) => {
    if (variant) device.variants.set("conv2d", variant);
    using model = network(options).eval();
    using x = image(size);
    const run = (): Tensor[] => [tidy(() => noGrad(() => model.call(x)))];
    const most = mostBytes(device, run);
    const least = leastBytes(() => {
      const results = run();
      for (const t of results) t.dispose();
      return results;
    });
    device.variants.delete("conv2d");
    expect(most / least).toBeGreaterThanOrEqual(1);
    expect(most / least).toBeLessThan(1.15);
    expect(x.disposed).toBe(false);
  });

  test("gives what its layers give one by one", async () => {
    using model = network({ small: true }).eval();
    using x = image(16, 2);
    const apart = (layer: Layer, t: Tensor): Tensor => {
      if (layer instanceof Sequential) return layer.layers.reduce((y, l) => apart(l, y), t);
      if (!(layer instanceof BasicBlock)) return layer.forward(t);
      const y = [layer.conv1, layer.bn1, layer.relu, layer.conv2, layer.bn2].reduce((z: Tensor, l) => l.forward(z), t);
      return relu(add(y, layer.downsample ? apart(layer.downsample, t) : t));
    };
    const { conv1, bn1, relu: act, layer1, layer2, layer3, layer4, avgpool, fc } = model;
    const parts: Layer[] = [conv1, bn1, act, layer1, layer2, layer3, layer4, avgpool];
    const [a, b] = tidy(() =>
      noGrad(() => [model.call(x), fc.forward(parts.reduce((t, l) => apart(l, t), x as Tensor).reshape([2, -1]))]),
    );
    const [got, want] = [await a.data(), await b.data()];
    const largest = want.reduce((m, v) => Math.max(m, Math.abs(v)), 0);
    expect(got.reduce((m, v, i) => Math.max(m, Math.abs(v - want[i])), 0) / largest).toBeLessThan(1e-5);
    a.dispose();
    b.dispose();
  });
});

describe("in training", () => {
  /** The same network with every layer called as nobody scopes it: what is made lives until the tidy around it ends. */
  const unscoped = (model: ResNet, x: Tensor): Tensor => {
    const block = (b: BasicBlock, t: Tensor): Tensor => {
      const y = [b.conv1, b.bn1, b.relu, b.conv2, b.bn2].reduce((z: Tensor, l) => l.forward(z), t);
      const skip = b.downsample ? b.downsample.layers.reduce((z, l) => l.forward(z), t) : t;
      return relu(add(y, skip));
    };
    const stages = [model.layer1, model.layer2, model.layer3, model.layer4].flatMap((s) => s.layers as BasicBlock[]);
    const stem = [model.conv1, model.bn1, model.relu].reduce((z: Tensor, l) => l.forward(z), x);
    const features = model.avgpool.forward(stages.reduce((t, b) => block(b, t), stem));
    return model.fc.forward(features.reshape([x.shape[0], -1]));
  };

  test("gradients are those of the layers one by one, and only the tape holds activations", async () => {
    using model = network({ small: true, blocks: [1, 1, 1, 1] });
    using x = image(16, 2);
    const runs: { gradients: Float32Array[]; held: number; handles: number }[] = [];
    for (const run of [() => model.call(x), () => unscoped(model, x)]) {
      device.settle();
      const before = device.memory();
      const y = tidy(run);
      device.settle();
      const held = device.memory().live - before.live;
      tidy(() => y.square().mean().backward());
      const grads = model.parameters().map((p) => p.value.grad!);
      const gradients = await Promise.all(grads.map((g) => g.data()));
      for (const p of model.parameters()) p.value.zeroGrad();
      for (const g of grads) g.dispose();
      y.dispose();
      device.settle();
      runs.push({ gradients, held, handles: device.memory().liveBuffers - before.liveBuffers });
    }
    const [scoped, plain] = runs;
    const flat = (v: Float32Array): number[] => [...v].map((n) => n + 0);
    expect(scoped.gradients.map(flat)).toEqual(plain.gradients.map(flat));
    expect(scoped.held).toBeLessThanOrEqual(plain.held);
    expect(scoped.held).toBeGreaterThan(0);
    expect([scoped.handles, plain.handles]).toEqual([0, 0]);
  });
});
