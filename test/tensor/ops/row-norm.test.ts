import { beforeAll, describe, expect, it } from "vitest";
import type { Device } from "../../../src/device/index.ts";
import { ConfigError } from "../../../src/errors.ts";
import { groupNorm, instanceNorm, layerNorm, Tensor, tensor, tidy } from "../../../src/tensor/index.ts";
import { expectClose, normals } from "../../harness/check.ts";
import { testDevice } from "../../harness/device.ts";
import type { Ref } from "../../ops/common/ref.ts";
import { blockStatistics } from "../../ops/common/reference/row-norm.ts";
import { ops } from "../../ops/index.ts";

let device: Device;
beforeAll(async () => {
  device = await testDevice();
});

const load = (r: Ref): Tensor => tensor(device, Float32Array.from(r.data), r.shape);

/** Value and gradient of x of a norm, for values that stand `center` from 0. */
async function errorOf(
  run: (x: Tensor) => Tensor,
  op: string,
  attrs: Record<string, unknown>,
  x: Ref,
): Promise<number> {
  const g = normals("g", x.shape);
  const [y, dx] = tidy(() => {
    const t = load(x).requireGrad();
    const y = run(t);
    y.backward(load(g));
    return [y.detach(), (t.grad as Tensor).detach()];
  });
  const wanted = [
    ops[op].reference.forward([x], attrs).data,
    (ops[op].reference.backward([x], attrs, g)[0] as Ref).data,
  ];
  let worst = 0;
  for (const [i, t] of [y, dx].entries()) {
    const got = await t.data();
    worst = Math.max(worst, ...got.map((v, k) => Math.abs(v - wanted[i][k])));
    t.dispose();
  }
  return worst;
}

describe("group, instance and layer norm", () => {
  const shape = [2, 6, 23, 29];
  const runs = {
    group_norm: [(x: Tensor) => groupNorm(x, 2), { num_groups: 2, eps: 1e-5 }],
    instance_norm: [(x: Tensor) => instanceNorm(x), { eps: 1e-5 }],
    layer_norm: [(x: Tensor) => layerNorm(x, [23, 29]), { normalized_shape: [23, 29], eps: 1e-5 }],
  } as const;

  for (const [op, [run, attrs]] of Object.entries(runs))
    it(`${op} of values around 100,000 is as exact as of values around 0`, async () => {
      const at0 = await errorOf(run, op, attrs, normals("x", shape));
      const far = await errorOf(run, op, attrs, normals("x", shape, 1, 1e5));
      expect(at0).toBeLessThan(1e-5);
      expect(far).toBeLessThan(1e-5);
    });

  it("one value far from all others does not spoil the variance", async () => {
    const x = normals("x", [1, 1, 64, 64], 1, 1000);
    x.data[0] = 0; // the value that the distances of its row are told from
    expect(await errorOf((t) => instanceNorm(t), "instance_norm", { eps: 1e-5 }, x)).toBeLessThan(2e-4);
  });

  it("a constant gives the bias and no NaN, and a NaN stays in its block", async () => {
    const [y, z] = tidy(() => {
      const data = new Float32Array(24).fill(3.7);
      const bias = tensor(device, [0.5, -2]);
      const y = groupNorm(tensor(device, data, [2, 2, 2, 3]), 2, { bias });
      data[7] = Number.NaN;
      return [y, groupNorm(tensor(device, data, [2, 2, 2, 3]), 2, { bias })];
    });
    expect(new Set(await y.data())).toEqual(new Set([0.5, -2]));
    expect([...(await z.data())].map(Number.isNaN)).toEqual(Array.from({ length: 24 }, (_, i) => i >= 6 && i < 12));
    y.dispose();
    z.dispose();
  });

  it("gives only the gradients that are wanted", async () => {
    const x = normals("x", [3, 4, 5]);
    const weight = normals("w", [4]);
    const [wanted] = [ops.group_norm.reference.backward([x, weight], { num_groups: 2, eps: 1e-5 }, x)[1] as Ref];
    const before = device.memory().liveBuffers;
    const grad = tidy(() => {
      const w = load(weight).requireGrad();
      groupNorm(load(x), 2, { weight: w }).backward(load(x));
      return (w.grad as Tensor).detach();
    });
    expectClose("weight", await grad.data(), wanted.data, 1e-4);
    grad.dispose();
    expect(device.memory().liveBuffers).toBe(before);
  });
});

describe("instanceNorm's running statistics", () => {
  it("move as PyTorch's do: by the mean over the samples, the variances unbiased", async () => {
    const x = normals("x", [3, 2, 5, 7], 2, 300);
    const { mean, variance } = blockStatistics(x, { eps: 0 }, { length: 35, channel: () => 0 });
    const [m, v] = tidy(() => {
      const running = { runningMean: tensor(device, [1, 2]), runningVar: tensor(device, [3, 4]) };
      instanceNorm(load(x), { ...running, momentum: 0.3 });
      instanceNorm(load(x), { ...running, momentum: 0 });
      expect(running.runningMean.storage.version).toBe(1);
      return [running.runningMean, running.runningVar];
    });
    const average = (of: Float64Array, c: number): number => (of[c] + of[2 + c] + of[4 + c]) / 3;
    expectClose(
      "mean",
      await m.data(),
      [0, 1].map((c) => 0.7 * (c + 1) + 0.3 * average(mean, c)),
      1e-4,
    );
    const unbiased = (c: number): number => (average(variance, c) * 35) / 34;
    expectClose(
      "variance",
      await v.data(),
      [0, 1].map((c) => 0.7 * (c + 3) + 0.3 * unbiased(c)),
      1e-5,
    );
    m.dispose();
    v.dispose();
  });

  it("are both given or neither", () => {
    const x = Tensor.meta([2, 3, 4, 5]);
    expect(() => instanceNorm(x, { runningMean: Tensor.meta([3]) })).toThrow(ConfigError);
    expect(() => instanceNorm(x, { useInputStats: false })).toThrow(ConfigError);
    const runningMean = Tensor.meta([3]);
    expect(() => instanceNorm(x, { runningMean, runningVar: Tensor.meta([4]) })).toThrow(
      "instanceNorm: runningVar is [4] but x [N=2, C=3, H=4, W=5] has C=3; make it [3]",
    );
    expect(instanceNorm(x, { runningMean, runningVar: runningMean, useInputStats: false }).shape).toEqual(x.shape);
  });
});

describe("groupNorm", () => {
  it("wants a whole number of groups", () => {
    for (const groups of [0, 1.5, Number.NaN])
      expect(() => groupNorm(Tensor.meta([2, 3, 4]), groups)).toThrow(ConfigError);
  });
});
