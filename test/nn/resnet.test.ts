import { type Device, noGrad, Rng, relu, Tensor, tidy } from "fiducial";
import { chain, Layer, observeCalls, Sequential } from "fiducial/nn";
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

/** 16 blocks, in evaluation; images as large as makes activations outweigh the weights of a layer. */
const network = (options: Partial<ResNetOptions> = {}): ResNet =>
  new ResNet({ blocks: [3, 4, 6, 3], width: 8, classes: 10, ...options }).init(device, new Rng(5)).eval();
const image = (size: number, n = 1): Tensor => new Rng(6).normal(device, [n, 3, size, size]);

/** Kernels by the shader's name, of work that nothing waits for afterwards. */
function kernelsOf(work: () => unknown): Record<string, number> {
  const count: Record<string, number> = {};
  const observe = ({ pipeline }: { pipeline: { spec: { shader: { name: string } } } }): void => {
    const { name } = pipeline.spec.shader;
    count[name] = (count[name] ?? 0) + 1;
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
  test("convolution, batch norm and ReLU are one kernel over the image, add and ReLU one", () => {
    device.variants.set("conv2d", "direct");
    using plain = new BasicBlock(4, 4).init(device, new Rng(1)).eval();
    using strided = new BasicBlock(4, 6, 2).init(device, new Rng(1)).eval();
    using x = new Rng(2).normal(device, [1, 4, 8, 8]);
    // fold-batch-norm works on the weights of a convolution.
    expect(kernelsOf(() => noGrad(() => plain.call(x)))).toEqual({ conv2d: 2, "fold-batch-norm": 2, "map-chain": 1 });
    expect(kernelsOf(() => noGrad(() => strided.call(x)))).toEqual({ conv2d: 3, "fold-batch-norm": 3, "map-chain": 1 });
    device.variants.delete("conv2d");
  });
});
