import { beforeAll, describe, expect, test } from "vitest";
import type { Device } from "../../src/device/index.ts";
import { CheckpointError, ConfigError, DeviceError, ShapeError } from "../../src/errors.ts";
import { editDistance, nearest } from "../../src/nearest.ts";
import {
  AvgPool2d,
  BatchNorm2d,
  Conv2d,
  constant,
  Dropout,
  Identity,
  Layer,
  LeakyReLU,
  Linear,
  MaxPool2d,
  Module,
  Parameter,
  ReLU,
  Sequential,
  Sigmoid,
  SiLU,
  StateBuffer,
  type StateDict,
  Tanh,
  Upsample,
} from "../../src/nn/index.ts";
import { noGrad, Rng, Tensor, tensor, tidy } from "../../src/tensor/index.ts";
import { testDevice } from "../harness/device.ts";

let device: Device;
beforeAll(async () => {
  device = await testDevice();
});

class Block extends Layer {
  readonly conv1 = new Conv2d(3, 4, 3, { padding: 1 });
  readonly batchNorm = new BatchNorm2d(4);
  readonly slope = 0.1;
  forward(x: Tensor): Tensor {
    return this.batchNorm.forward(this.conv1.forward(x));
  }
}

class Net extends Layer {
  readonly inputBlock = new Block();
  readonly branches = [new Conv2d(4, 2, 1, { bias: false }), new Sequential(new Conv2d(4, 2, 1), new ReLU())];
  readonly posEmbed = new Parameter([2], constant(0.5));
  readonly meanImage = new StateBuffer([1, 2], constant(3));
  forward(x: Tensor): Tensor {
    const y = this.inputBlock.forward(x);
    return this.branches.map((b) => b.forward(y)).reduce((a, b) => a.add(b));
  }
}

const names = [
  "input_block.conv1.weight",
  "input_block.conv1.bias",
  "input_block.batch_norm.weight",
  "input_block.batch_norm.bias",
  "input_block.batch_norm.running_mean",
  "input_block.batch_norm.running_var",
  "input_block.batch_norm.num_batches_tracked",
  "branches.0.weight",
  "branches.1.0.weight",
  "branches.1.0.bias",
  "pos_embed",
  "mean_image",
];

describe("the walk", () => {
  test("gives fields in their order, in snake_case, arrays and Sequential by index, and no options", () => {
    const net = new Net();
    expect([...net.namedState()].map(([n]) => n)).toEqual(names);
    expect([...net.namedParameters().keys()]).toEqual(names.filter((n) => !/running|tracked|mean_image/.test(n)));
    expect(net.parameterCount()).toBe(3 * 4 * 9 + 4 + 4 + 4 + 8 + 8 + 2 + 2);
    expect([...net.namedModules()].map(([n]) => n)).toEqual([
      "",
      "input_block",
      "input_block.conv1",
      "input_block.batch_norm",
      "branches.0",
      "branches.1",
      "branches.1.0",
      "branches.1.1",
    ]);
  });

  test("a parameter in two places keeps both names and is trained once", async () => {
    class Tied extends Module {
      readonly first = new Linear(2, 2, { bias: false });
      readonly second = this.first;
    }
    const tied = new Tied().init(device, new Rng(1));
    expect([...tied.namedState()].map(([n]) => n)).toEqual(["first.weight", "second.weight"]);
    expect([...tied.namedParameters().keys()]).toEqual(["first.weight"]);
    expect([...(await tied.stateDict()).keys()]).toEqual(["first.weight", "second.weight"]);
    tied.dispose();
  });

  test("runs on shape-only tensors before init, without a GPU", () => {
    expect(new Net().forward(Tensor.meta([2, 3, 8, 6])).shape).toEqual([2, 2, 8, 6]);
    expect(new Linear(3, 5).forward(Tensor.meta([2, 7, 3])).shape).toEqual([2, 7, 5]);
    const layers = new Sequential(
      new MaxPool2d(3, { stride: 2, padding: 1 }),
      new AvgPool2d(2),
      new Upsample({ scaleFactor: 2 }),
      new Upsample({ size: [5, 7], mode: "bilinear" }),
      new Identity(),
      new LeakyReLU(),
      new SiLU(),
      new Sigmoid(),
      new Tanh(),
      new Dropout(0.5),
    );
    expect(layers.forward(Tensor.meta([1, 3, 16, 12])).shape).toEqual([1, 3, 5, 7]);
    expect(() => new Linear(3, 5).forward(Tensor.meta([2, 4]))).toThrow(ShapeError);
    expect(() => new Conv2d(3, 4, 3, { groups: 2 })).toThrow(ConfigError);
  });

  test("train and eval reach every module", () => {
    const net = new Net().eval();
    expect([...net.namedModules()].every(([, m]) => !m.training)).toBe(true);
    expect([...net.train().namedModules()].every(([, m]) => m.training)).toBe(true);
  });
});

describe("init", () => {
  test("fills each parameter from a fork of its name: same seed same bits, whatever else the model holds", async () => {
    const a = await new Net().init(device, new Rng(1)).stateDict();
    const b = await new Net().init(device, new Rng(1)).stateDict();
    expect(b).toEqual(a);
    const c = await new Net().init(device, new Rng(2)).stateDict();
    expect(c.get("branches.0.weight")).not.toEqual(a.get("branches.0.weight"));
    expect(a.get("mean_image")!.data).toEqual(Float32Array.of(3, 3));
    expect(a.get("input_block.batch_norm.running_var")!.data).toEqual(Float32Array.of(1, 1, 1, 1));
    const alone = new Rng(1).fork("branches.0.weight");
    const bound = Math.fround(1 / Math.sqrt(4));
    expect(a.get("branches.0.weight")!.data[0]).toBeCloseTo(alone.uniform(-bound, bound), 6);
  });

  test("PyTorch's bounds for Conv2d and Linear: all within 1 / sqrt(fan in), and near it", async () => {
    for (const [layer, fanIn] of [
      [new Conv2d(8, 60, 3, { groups: 2 }), 36],
      [new Linear(50, 70), 50],
    ] as const) {
      const state = await layer.init(device, new Rng(9)).stateDict();
      for (const name of ["weight", "bias"]) {
        const largest = Math.max(...Array.from(state.get(name)!.data as Float32Array, Math.abs));
        expect(largest).toBeLessThanOrEqual(1 / Math.sqrt(fanIn));
        expect(largest).toBeGreaterThan(0.9 / Math.sqrt(fanIn));
      }
      layer.dispose();
    }
  });

  test("an empty module says so when read", async () => {
    await expect(new Net().stateDict()).rejects.toThrow(DeviceError);
    await expect(new Net().stateDict()).rejects.toThrow(
      /input_block\.conv1\.weight is empty; call init\(\) or load\(\) first/,
    );
  });

  test("init and dispose leave no buffer", () => {
    const before = device.memory().liveBuffers;
    tidy(() => new Net().init(device, new Rng(1)).dispose());
    const net = tidy(() => {
      const n = new Net().init(device, new Rng(1));
      n.init(device, new Rng(2));
      return { n };
    }).n;
    expect(net.parameters().every((p) => !p.value.disposed && p.ready)).toBe(true); // a scope does not take a model's tensors
    net.dispose();
    expect(device.memory().liveBuffers).toBe(before);
  });
});

describe("load", () => {
  const saved = async (): Promise<StateDict> => {
    using net = new Net().init(device, new Rng(4));
    net.inputBlock.batchNorm.numBatchesTracked.value = 7;
    return net.stateDict();
  };

  test("takes what stateDict gave, into an empty model or in place; in place the tape notices", async () => {
    const state = await saved();
    using net = new Net().load(device, state);
    expect(await net.stateDict()).toEqual(state);
    expect(net.inputBlock.batchNorm.numBatchesTracked.value).toBe(7);
    const handle = net.posEmbed.value;
    const loss = tidy(() => handle.square().sum());
    net.load(device, state);
    expect(net.posEmbed.value).toBe(handle);
    expect(() => loss.backward()).toThrow(/overwritten in place/);
    loss.dispose();
  });

  test("renames by prefix or function, and fills only a part", async () => {
    const state = await saved();
    const foreign = new Map([...state].map(([n, t]) => [n.replace(/^input_block\./, "module.features."), t]));
    using net = new Net().load(device, foreign, {
      rename: { "module.": "wrong.", "module.features.": "input_block." },
    });
    expect(await net.stateDict()).toEqual(state);
    using part = new Net().init(device, new Rng(5));
    const own = await part.stateDict();
    part.load(device, foreign, {
      only: ["input_block"],
      rename: (n) => (n.startsWith("module.features.") ? n.replace("module.features.", "input_block.") : null),
    });
    const after = await part.stateDict();
    expect(after.get("input_block.conv1.weight")).toEqual(state.get("input_block.conv1.weight"));
    expect(after.get("branches.0.weight")).toEqual(own.get("branches.0.weight"));
    expect(() => part.load(device, state, { only: "encoder" })).toThrow(
      /only "encoder" names no part of the model; its parts are input_block, branches, pos_embed, mean_image/,
    );
  });

  test("tells everything wrong at once, with nearest names, and changes nothing", async () => {
    const state = await saved();
    state.set("branches.1.0.weights", state.get("branches.1.0.weight")!);
    state.delete("branches.1.0.weight");
    state.set("module.pos_embed", state.get("pos_embed")!);
    state.delete("pos_embed");
    state.delete("mean_image");
    state.set("input_block.conv1.bias", { dtype: "F32", shape: [5], data: new Float32Array(5) });
    using net = new Net().init(device, new Rng(6));
    const before = await net.stateDict();
    let error: unknown;
    try {
      net.load(device, state);
    } catch (e) {
      error = e;
    }
    expect(error).toBeInstanceOf(CheckpointError);
    const { message } = error as Error;
    expect(message).toContain("missing (3):");
    expect(message).toContain("branches.1.0.weight (the checkpoint has branches.1.0.weights)");
    expect(message).toContain("pos_embed (the checkpoint has module.pos_embed)");
    expect(message).toMatch(/\n {4}mean_image\n/);
    expect(message).toContain("unexpected (2):");
    expect(message).toContain("input_block.conv1.bias: the model has [4], the checkpoint [5]");
    expect(await net.stateDict()).toEqual(before);
  });

  test("an older checkpoint without counters loads; float64 and integers become float32; half bits are refused with the cure", async () => {
    const state: Map<string, { dtype: string; shape: readonly number[]; data: ArrayLike<number> | ArrayLike<bigint> }> =
      new Map(await saved());
    state.delete("input_block.batch_norm.num_batches_tracked");
    state.set("pos_embed", { dtype: "F64", shape: [2], data: Float64Array.of(0.25, 4) });
    state.set("mean_image", { dtype: "I64", shape: [1, 2], data: BigInt64Array.of(5n, -6n) });
    using net = new Net().load(device, state);
    expect(await net.posEmbed.value.data()).toEqual(Float32Array.of(0.25, 4));
    expect(await net.meanImage.value.data()).toEqual(Float32Array.of(5, -6));
    state.set("pos_embed", { dtype: "BF16", shape: [2], data: Uint16Array.of(1, 2) });
    expect(() => net.load(device, state)).toThrow(/pos_embed is BF16; convert it with toFloat32/);
  });

  test("nearest names", () => {
    expect(editDistance("kitten", "sitting")).toBe(3);
    expect(nearest("layer1.conv.weight", ["layer1.convs.weight", "layer2.conv.weight", "head.bias"])).toEqual([
      "layer1.convs.weight",
      "layer2.conv.weight",
    ]);
    expect(nearest("a", ["zzzzzz"])).toEqual([]);
  });
});

describe("layers on a device", () => {
  test("a linear net fits a line, and its gradients are those of the formula", async () => {
    using net = new Linear(2, 1).load(
      device,
      new Map([
        ["weight", { dtype: "F32", shape: [1, 2], data: Float32Array.of(2, -1) }],
        ["bias", { dtype: "F32", shape: [1], data: Float32Array.of(0.5) }],
      ]),
    );
    tidy(() =>
      net
        .forward(tensor(device, [1, 2, 3, 4], [2, 2]))
        .square()
        .sum()
        .backward(),
    ); // y = 0.5, 2.5
    expect(await net.weight.value.grad!.data()).toEqual(
      Float32Array.of(2 * (0.5 * 1 + 2.5 * 3), 2 * (0.5 * 2 + 2.5 * 4)),
    );
    expect(await net.bias!.value.grad!.data()).toEqual(Float32Array.of(2 * (0.5 + 2.5)));
  });

  test("dropout draws from its layer's stream: reseed repeats it, eval leaves it out, and no stream is an error", async () => {
    const net = new Sequential(new Dropout(0.5), new Dropout(0.5));
    const x = tensor(device, new Float32Array(200).fill(1), [200]);
    expect(() => tidy(() => net.forward(x))).toThrow(/call model\.reseed\(rng\)/);
    const draw = async (): Promise<Float32Array> => {
      const y = tidy(() => net.forward(x));
      const data = await y.data();
      y.dispose();
      return data;
    };
    net.reseed(new Rng(3));
    const first = await draw();
    expect(await draw()).not.toEqual(first);
    net.reseed(new Rng(3));
    expect(await draw()).toEqual(first);
    const kept = first.filter((v) => v > 0).length;
    expect(kept).toBeGreaterThan(25); // a quarter: the two layers draw apart
    expect(kept).toBeLessThan(80);
    expect(new Set(first)).toEqual(new Set([0, 4]));
    expect(net.eval().forward(x)).toBe(x);
    x.dispose();
  });

  test("batch norm counts its batches in training only", async () => {
    using net = new BatchNorm2d(2).init(device, new Rng(1));
    const x = new Rng(2).normal(device, [3, 2, 4, 5], { mean: 3 });
    tidy(() => net.forward(x));
    net.eval();
    tidy(() => noGrad(() => net.forward(x)));
    const state = await net.stateDict();
    expect(state.get("num_batches_tracked")!.data[0]).toBe(1n);
    expect(state.get("running_mean")!.data[0]).toBeCloseTo(0.3, 1);
    x.dispose();
  });
});
