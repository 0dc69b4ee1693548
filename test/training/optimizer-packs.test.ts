/** Parameters that are updated together must get the very bits that each gets alone. */
import { beforeAll, describe, expect, test } from "vitest";
import type { Device } from "../../src/device/index.ts";
import { GradError } from "../../src/errors.ts";
import { constant, Linear, Parameter } from "../../src/nn/index.ts";
import { Random } from "../../src/random.ts";
import { keep, Rng, tensor, tidy } from "../../src/tensor/index.ts";
import { Ema } from "../../src/training/ema.ts";
import { Optimizer } from "../../src/training/optimizer.ts";
import { adagrad, adam, adamw, type OptimizerSpec, rmsprop, sgd } from "../../src/training/optimizer-spec.ts";
import { testDevice } from "../harness/device.ts";

let device: Device;
beforeAll(async () => {
  device = await testDevice();
});

// Odd sizes, and one of many workgroups.
const sizes = [1, 63, 64, 65, 3, 257, 7, 1000, 5, 9001, 2, 129, 11];
const numbers = (name: string, n: number): Float32Array => {
  const random = new Random(5).fork(name);
  return Float32Array.from({ length: n }, () => random.normal());
};
const make = (): Map<string, Parameter> =>
  new Map(
    sizes.map((n, i) => {
      const p = new Parameter([n], constant(0));
      p.set(device, numbers(`p${i}`, n));
      return [`${i % 3 === 0 ? "bias" : "weight"}.${i}`, p];
    }),
  );
const give = (p: Parameter, name: string): void => {
  p.value.zeroGrad();
  tidy(() =>
    p.value
      .mul(tensor(device, numbers(name, p.value.size), p.shape))
      .sum()
      .backward(),
  );
};
const valuesOf = (ps: Map<string, Parameter>): Promise<Float32Array[]> =>
  Promise.all([...ps.values()].map((p) => p.value.data()));
const drop = (ps: Map<string, Parameter>, ...optimizers: Optimizer[]): void => {
  for (const o of optimizers) o.dispose();
  for (const p of ps.values()) p.dispose();
};

const groups = [{ select: /^bias/, weightDecay: 0, lr: 0.003 }];
const specs: Record<string, OptimizerSpec> = {
  sgd: sgd({ lr: 0.01 }),
  "sgd, groups": sgd({ lr: 0.01, momentum: 0.9, nesterov: true, weightDecay: 0.1, groups }),
  "sgd, some with momentum": sgd({ lr: 0.01, momentum: 0.9, groups: [{ select: /^bias/, momentum: 0 }] }),
  adam: adam({ lr: 0.01, weightDecay: 0.1, groups }),
  adamw: adamw({ lr: 0.01, groups }),
  adagrad: adagrad({ lr: 0.01, lrDecay: 0.1, initialSum: 0.5, groups }),
  rmsprop: rmsprop({ lr: 0.01, momentum: 0.9, centered: true, eps: 1e-4, groups }),
};

describe("many parameters in few kernels", () => {
  test.each(Object.keys(specs))("%s: the bits of each alone, also where some have no gradient", async (name) => {
    const before = device.memory().liveBuffers;
    const [together, apart] = [make(), make()];
    const one = new Optimizer(specs[name], together);
    const alone = [...apart].map(([n, p]) => new Optimizer(specs[name], new Map([[n, p]])));
    for (let step = 0; step < 4; step++) {
      [together, apart].forEach((ps) => {
        [...ps.values()].forEach((p, i) => {
          // The third has a gradient in every second step, the last in none.
          if ((i === 2 && step % 2 === 0) || i === sizes.length - 1) p.value.zeroGrad();
          else give(p, `g${i} ${step}`);
        });
      });
      one.step(1 / (1 + step));
      for (const o of alone) o.step(1 / (1 + step));
    }
    expect(await valuesOf(together)).toEqual(await valuesOf(apart));
    const state = await one.stateDict();
    for (const o of alone)
      for (const [n, { data }] of await o.stateDict()) if (n !== "steps") expect(state.get(n)!.data).toEqual(data);
    drop(together, one);
    drop(apart, ...alone);
    expect(device.memory().liveBuffers).toBe(before);
  });

  test("a tensor too large to be packed takes its step beside the others", async () => {
    const n = 2 ** 20 + 3;
    const large = new Parameter([n], constant(0));
    large.set(device, new Float32Array(n).fill(2));
    const ps = make().set("large", large);
    const o = new Optimizer(sgd({ lr: 0.5 }), ps);
    for (const p of ps.values()) tidy(() => p.value.sum().backward());
    device.settle(); // the gradients
    const before = device.counts.dispatches;
    o.step();
    expect(device.counts.dispatches - before).toBe(7); // three of up to six gradients each, the large one's sum, the norm, two steps
    const got = await large.value.data();
    expect([got[0], got[n >> 1], got[n - 1], got.findIndex((v) => v !== 1.5)]).toEqual([1.5, 1.5, 1.5, -1]);
    expect(await ps.get("weight.4")!.value.data()).toEqual(numbers("p4", 3).map((v) => v - 0.5));
    const all = n + sizes.reduce((a, b) => a + b, 0);
    expect((await o.gradients()).norm / Math.sqrt(all)).toBeCloseTo(1, 6);
    drop(ps, o);
  });

  test("60 tensors take 12 kernels, and 61 with two sorts of options 14", () => {
    for (const [count, spec, want] of [
      [60, adam({ lr: 0.1, clip: 1 }), 12],
      [61, adam({ lr: 0.1, groups: [{ select: /[02468]$/, lr: 0.2 }] }), 14],
    ] as const) {
      const ps = new Map(
        Array.from({ length: count }, (_, i) => {
          const p = new Parameter([1 + i], constant(0));
          p.set(device, numbers(`p${i}`, 1 + i));
          return [`p${i}`, p];
        }),
      );
      const o = new Optimizer(spec, ps);
      for (const [n, p] of ps) give(p, n);
      device.settle(); // the gradients
      const before = device.counts.dispatches;
      o.step();
      expect(device.counts.dispatches - before).toBe(want);
      drop(ps, o);
    }
  });

  test("a NaN is told by its name wherever its parameter lies, and nothing moves", async () => {
    const ps = make();
    const o = new Optimizer(specs.adamw, ps);
    const before = await valuesOf(ps);
    for (const [n, p] of ps) give(p, n);
    const bad = ps.get("weight.7")!;
    bad.value.zeroGrad();
    tidy(() =>
      bad.value
        .mul(tensor(device, new Float32Array(1000).fill(Number.NaN)))
        .sum()
        .backward(),
    );
    o.step();
    expect(await valuesOf(ps)).toEqual(before);
    expect((await o.gradients()).firstBad).toEqual({ step: 1, name: "weight.7" });
    drop(ps, o);
  });

  test("two optimizers over the same parameters, and weights written anew, go on as without packs", async () => {
    const [together, apart] = [make(), make()];
    const mine = [new Optimizer(specs.adam, together), new Optimizer(specs["sgd, groups"], together)];
    const alone = [...apart].flatMap(([n, p]) =>
      [specs.adam, specs["sgd, groups"]].map((s) => new Optimizer(s, new Map([[n, p]]))),
    );
    for (let step = 0; step < 2; step++) {
      for (const ps of [together, apart]) {
        [...ps.values()].forEach((p, i) => {
          give(p, `g${i} ${step}`);
        });
        ps.get("weight.4")!.set(device, numbers(`new ${step}`, 3));
      }
      for (const o of mine) o.step();
      for (const rule of ["adam", "sgd"]) for (const o of alone) if (o.spec.rule === rule) o.step();
    }
    expect(await valuesOf(together)).toEqual(await valuesOf(apart));
    drop(together, ...mine);
    drop(apart, ...alone);
  });

  test("a backward that began before the move has its old weights; handles and averages stay good", async () => {
    const model = new Linear(5, 3).init(device, new Rng(3));
    const handle = model.weight.value;
    const weights = await handle.data();
    const loss = keep(tidy(() => handle.square().sum()));
    const o = new Optimizer(sgd({ lr: 0.5 }), model.namedParameters());
    loss.backward();
    expect(model.weight.value).toBe(handle);
    expect(await handle.grad!.data()).toEqual(weights.map((v) => 2 * v));
    const average = new Ema({ decay: 0.5, warmup: false }, model);
    o.step(); // p - 0.5 * 2 p = 0
    average.update();
    expect(await handle.data()).toEqual(new Float32Array(15));
    expect(await average.lend(() => model.weight.value.data())).toEqual(weights.map((v) => 0.5 * v));
    o.step();
    expect(await handle.data()).toEqual(weights.map((v) => -v));
    const later = keep(tidy(() => handle.square().sum()));
    o.step();
    expect(() => later.backward()).toThrow(GradError);
    for (const t of [loss, later]) t.dispose();
    o.dispose();
    average.dispose();
    model.dispose();
  });

  test("elementwise work that waits reads the weights from before the step", async () => {
    const ps = make();
    const o = new Optimizer(sgd({ lr: 0.5 }), ps);
    [...ps.values()].forEach((p, i) => {
      give(p, `g${i}`);
    });
    const old = await valuesOf(ps);
    const waiting = [...ps.values()].map((p) => p.value.mul(2));
    o.step();
    for (let i = 0; i < old.length; i++) expect(await waiting[i].data()).toEqual(old[i].map((v) => 2 * v));
    expect(await valuesOf(ps)).not.toEqual(old);
    for (const t of waiting) t.dispose();
    drop(ps, o);
  });
});
