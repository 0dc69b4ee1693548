import { beforeAll, describe, expect, test } from "vitest";
import type { Device } from "../../src/device/index.ts";
import { CheckpointError, ConfigError } from "../../src/errors.ts";
import {
  BatchNorm2d,
  Conv2d,
  chain,
  constant,
  freeze,
  Layer,
  Linear,
  Module,
  Parameter,
  Sequential,
  type StateDict,
  summary,
  unfreeze,
} from "../../src/nn/index.ts";
import { add, matmul, mul, noGrad, Rng, relu, Tensor, tensor } from "../../src/tensor/index.ts";
import { adam, Ema, Optimizer, sgd } from "../../src/training/index.ts";
import { testDevice } from "../harness/device.ts";

let device: Device;
beforeAll(async () => {
  device = await testDevice();
});
const names = (m: Module): string[] => [...m.namedState()].map(([n]) => n);
const rng = new Rng(5);

describe("an empty model", () => {
  class Net extends Layer {
    readonly conv1 = new Conv2d(1, 2, 3);
    readonly body = new Sequential(new Conv2d(2, 2, 1), new BatchNorm2d(2));
    forward(x: Tensor): Tensor {
      return relu(chain(this.conv1.call(x), this.body));
    }
  }

  test("is refused at its first use, by the parameter's path; shapes may be asked for", () => {
    using net = new Net();
    using x = rng.normal(device, [1, 1, 8, 8]);
    expect(() => net.call(x)).toThrow(/^Net\.conv1\.weight is empty; call init\(\) or load\(\)/);
    expect(() => noGrad(() => net.eval().call(x))).toThrow(/^Net\.conv1\.weight is empty/);
    expect(net.call(Tensor.meta([1, 1, 8, 8])).shape).toEqual([1, 2, 6, 6]);
    net.conv1.init(device, rng);
    expect(() => net.call(x)).toThrow(/Net\.body\.0\.weight is empty/);
    expect(summary(net, [1, 1, 8, 8]).parameters).toBe(20 + 6 + 4);
    net.init(device, rng);
    expect(net.call(x).isMeta).toBe(false);
  });

  test("what is worked out of an empty parameter alone is as empty", () => {
    class Scaled extends Layer {
      readonly weight = new Parameter([3, 3], constant(1));
      forward(x: Tensor): Tensor {
        return matmul(x, mul(this.weight.value, 2));
      }
    }
    using x = rng.normal(device, [2, 3]);
    expect(() => new Scaled().call(x)).toThrow(/^Scaled\.weight is empty/);
    expect(new Scaled().call(Tensor.meta([2, 3])).shape).toEqual([2, 3]);
  });

  test("a module in a private field is named as what the walk does not see", () => {
    class Hidden extends Layer {
      readonly #inner = new Linear(2, 2);
      forward(x: Tensor): Tensor {
        return this.#inner.call(x);
      }
    }
    using x = rng.normal(device, [1, 2]);
    expect(() => new Hidden().init(device, rng).call(x)).toThrow(/Hidden > Linear is empty.*private # fields/);
    const told = summary(new Hidden(), [1, 2]);
    expect(told.unseen).toEqual(["Hidden > Linear"]);
    expect(`${told}`).toContain("neither trained nor saved: Hidden > Linear");
  });
});

describe("what is walked", () => {
  class Many extends Layer {
    readonly heads = { left: new Linear(2, 2), deepOnes: [new Linear(2, 2, { bias: false })] };
    readonly byName = new Map([["a.b", new Linear(2, 1)]]);
    scale = tensor(device, [2, 3]).requireGrad();
    readonly constantOne = tensor(device, [1, 1]);
    readonly settings = { rate: 3, nested: { text: "no state" } };
    forward(x: Tensor): Tensor {
      const left = this.heads.left.call(mul(x, this.scale));
      return add(left, add(this.heads.deepOnes[0].call(x), this.byName.get("a.b")!.call(x)));
    }
  }

  test("plain objects, Maps and tensors with requireGrad are named, trained, saved and loaded", async () => {
    using net = new Many().init(device, rng);
    const state = ["heads.left.weight", "heads.left.bias", "heads.deep_ones.0.weight", "by_name.a.b.weight"];
    expect(names(net)).toEqual([...state, "by_name.a.b.bias", "scale"]);
    expect([...(await net.scale.data())]).toEqual([2, 3]);
    const optimizer = new Optimizer(sgd({ lr: 0.5 }), net.namedParameters());
    using x = tensor(device, [1, -1], [1, 2]);
    const before = await net.stateDict();
    net.call(x).sum().backward();
    optimizer.step();
    optimizer.zeroGrad();
    const after = await net.stateDict();
    for (const [name, { data }] of after) expect([...data], name).not.toEqual([...before.get(name)!.data]);
    net.load(device, before);
    expect([...(await net.scale.data())]).toEqual([2, 3]);
    expect(summary(net, [1, 2]).unseen).toEqual([]);
    const ema = new Ema({ decay: 0.5 }, net);
    const field = net.scale;
    await ema.lend(() => expect(net.scale).not.toBe(field));
    expect(net.scale).toBe(field);
    ema.dispose();
    optimizer.dispose();
  });

  test("two fields of one name in checkpoints are refused", () => {
    class Attention extends Module {
      readonly qProj = new Linear(2, 2);
      readonly q_proj = new Linear(2, 2);
    }
    expect(() => new Attention().init(device, rng)).toThrow(/qProj and q_proj share the name q_proj/);
    expect(() => new Attention().parameters()).toThrow(ConfigError);
  });

  test("init names a field whose modules are out of its sight, unless they stand elsewhere too", () => {
    class Holder {
      readonly inner = new Linear(1, 1);
    }
    class Sets extends Module {
      readonly blocks = new Set([new Linear(1, 1)]);
    }
    class Other extends Module {
      readonly part = { of: new Linear(1, 1) };
      readonly holder: unknown = new Holder();
    }
    class Index extends Module {
      readonly layers = [new Linear(1, 1)];
      readonly known = new Set(this.layers);
    }
    expect(() => new Sets().init(device, rng)).toThrow(/field blocks \(Set\) holds modules/);
    expect(() => new Other().init(device, rng)).toThrow(/field holder \(Holder\) holds modules/);
    new Index().init(device, rng).dispose();
  });

  test("summary names a tensor that a layer reads from outside", () => {
    using outside = tensor(device, [1, 2]).requireGrad();
    class Reads extends Layer {
      forward(x: Tensor): Tensor {
        return mul(x, outside);
      }
    }
    expect(summary(new Reads(), [1, 2]).unseen).toEqual(["a tensor [2] that Reads reads"]);
  });
});

describe("tied weights", () => {
  class Tied extends Layer {
    readonly embed = new Linear(3, 3, { bias: false });
    readonly head = this.embed.weight;
    readonly twice = [this.embed];
    forward(x: Tensor): Tensor {
      return matmul(this.embed.call(x), this.head.value);
    }
  }

  test("are trained once, and averaged once", async () => {
    using net = new Tied().init(device, rng);
    expect([...net.namedParameters().keys()]).toEqual(["embed.weight"]);
    const [w] = net.parameters();
    const before = await w.value.data();
    const optimizer = new Optimizer(sgd({ lr: 0.1 }), net.namedParameters());
    const ema = new Ema({ decay: 0.5, warmup: false }, net);
    using x = tensor(device, [1, 2, 3], [1, 3]);
    net.call(x).sum().backward();
    const gradient = await w.value.grad!.data();
    optimizer.step();
    ema.update();
    const after = await w.value.data();
    after.forEach((v, i) => {
      expect(v).toBeCloseTo(before[i] - 0.1 * gradient[i], 5);
    });
    await ema.lend(async () => {
      expect((await w.value.data())[0]).toBeCloseTo((before[0] + after[0]) / 2, 5);
    });
    expect([...(await w.value.data())]).toEqual([...after]);
    ema.dispose();
    optimizer.dispose();
  });

  test("a checkpoint may hold the tensor under any one of its names, or equal under several", async () => {
    const numbers = (first: number) => Float32Array.from({ length: 9 }, (_, i) => first + i);
    const file = (entries: Record<string, number>): StateDict =>
      new Map(Object.entries(entries).map(([n, v]) => [n, { dtype: "F32", shape: [3, 3], data: numbers(v) }]));
    const holdings: Record<string, number>[] = [{ "embed.weight": 1 }, { head: 1 }, { head: 1, "twice.0.weight": 1 }];
    for (const given of holdings) {
      using net = new Tied().load(device, file(given));
      expect([...(await net.head.value.data())]).toEqual([...numbers(1)]);
    }
    using net = new Tied();
    expect(() => net.load(device, file({ head: 1, "embed.weight": 2 }))).toThrow(/different in the checkpoint/);
    expect(() => net.load(device, new Map())).toThrow(CheckpointError);
    net.load(device, file({ "embed.weight": 4 }), { only: "head" });
    expect((await net.head.value.data())[0]).toBe(4);
  });
});

describe("frozen parameters", () => {
  test("have no gradient and stay as they are, also where weights decay, until they are given one again", async () => {
    using net = new Sequential(new Linear(2, 2), new Linear(2, 1));
    expect(freeze(net, /^0\./)).toEqual(["0.weight", "0.bias"]);
    net.init(device, rng);
    const optimizer = new Optimizer(adam({ lr: 0.1, weightDecay: 0.1 }), net.namedParameters());
    using x = tensor(device, [1, 2], [1, 2]);
    const step = async () => {
      const before = await net.stateDict();
      net.call(x).sum().backward();
      optimizer.step();
      optimizer.zeroGrad();
      const after = await net.stateDict();
      return [...after].filter(([n, t]) => t.data.some((v, i) => v !== before.get(n)!.data[i])).map(([n]) => n);
    };
    expect(await step()).toEqual(["1.weight", "1.bias"]);
    expect(net.parameters().map((p) => p.value.requiresGrad)).toEqual([false, false, true, true]);
    unfreeze(net);
    expect(await step()).toHaveLength(4);
    freeze(net, "1");
    expect(await step()).toEqual(["0.weight", "0.bias"]);
    expect(() => freeze(net, "decoder")).toThrow(/selects no parameter of Sequential; it has 0\.weight/);
    optimizer.dispose();
  });
});
