import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import type { Device } from "../../src/device/index.ts";
import { CheckpointError, ConfigError, GradError } from "../../src/errors.ts";
import { constant, Linear, Module, Parameter, type Select } from "../../src/nn/index.ts";
import { keep, Rng, tensor, tidy } from "../../src/tensor/index.ts";
import { Ema } from "../../src/training/ema.ts";
import { Optimizer } from "../../src/training/optimizer.ts";
import {
  adagrad,
  adam,
  adamw,
  gradientDescent,
  type OptimizerSpec,
  rmsprop,
  sgd,
} from "../../src/training/optimizer-spec.ts";
import {
  cosineRate,
  makeSchedule,
  oneCycle,
  plateau,
  type ScheduleSpec,
  stepRate,
} from "../../src/training/schedule.ts";
import { testDevice } from "../harness/device.ts";

type Numbers = Record<string, number[]>;
interface Golden {
  start: Numbers;
  grads: Numbers[];
  norms: number[];
  /** Of the rate, step by step, in the cases whose name ends in rates. */
  factors: number[];
  cases: Record<string, Numbers[]>;
  schedules: Record<string, number[]>;
}
const golden = JSON.parse(readFileSync(new URL("../golden/optimizers.json", import.meta.url), "utf8")) as Golden;
const shapes: Record<string, number[]> = { "a.weight": [3, 2], "b.weight": [5] };

const specs: Record<string, OptimizerSpec> = {
  sgd: sgd({ lr: 0.1 }),
  "sgd momentum": sgd({ lr: 0.1, momentum: 0.9, weightDecay: 0.01 }),
  "sgd nesterov": sgd({ lr: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.01 }),
  adam: adam({ lr: 0.01 }),
  "adam decay": adam({ lr: 0.01, betas: [0.8, 0.99], eps: 1e-6, weightDecay: 0.1 }),
  adamw: adamw({ lr: 0.01, weightDecay: 0.1 }),
  "adamw groups": adamw({ lr: 0.01, weightDecay: 0.1, groups: [{ select: "a", lr: 0.001, weightDecay: 0 }] }),
  "sgd clip": sgd({ lr: 0.1, momentum: 0.9, clip: 1 }),
  "adam clip": adam({ lr: 0.01, clip: 0.25 }),
  "sgd rates": sgd({ lr: 0.1, momentum: 0.9, nesterov: true }),
  "sgd lasagne rates": sgd({ lr: 0.1, momentum: 0.9, form: "lasagne" }),
  "sgd lasagne nesterov rates": sgd({ lr: 0.1, momentum: 0.9, nesterov: true, form: "lasagne" }),
  "adam decoupled": adam({ lr: 0.01, weightDecay: 0.1, decoupled: true }),
  adagrad: adagrad({ lr: 0.1 }),
  "adagrad all": adagrad({ lr: 0.1, lrDecay: 0.25, weightDecay: 0.05, initialSum: 0.5, eps: 1e-6, clip: 1 }),
  rmsprop: rmsprop({ lr: 0.01 }),
  "rmsprop momentum": rmsprop({ lr: 0.01, alpha: 0.9, momentum: 0.8, weightDecay: 0.05 }),
  "rmsprop centered": rmsprop({ lr: 0.01, centered: true, eps: 1e-4 }),
  "rmsprop all": rmsprop({ lr: 0.01, alpha: 0.9, momentum: 0.8, centered: true, eps: 1e-4, clip: 0.25 }),
};

let device: Device;
beforeAll(async () => {
  device = await testDevice();
});

const makeParameters = (): Map<string, Parameter> =>
  new Map(
    Object.entries(golden.start).map(([name, values]) => {
      const p = new Parameter(shapes[name], constant(0));
      p.set(device, Float32Array.from(values));
      return [name, p];
    }),
  );

/** Gives a parameter this gradient, by way of a real backward. */
const giveGradient = (p: Parameter, values: readonly number[]): void => {
  p.value.zeroGrad();
  tidy(() =>
    p.value
      .mul(tensor(device, values, p.shape))
      .sum()
      .backward(),
  );
};

describe("optimizers against PyTorch over five steps", () => {
  test.each(Object.keys(golden.cases))("%s", async (name) => {
    const before = device.memory().liveBuffers;
    const parameters = makeParameters();
    const optimizer = new Optimizer(specs[name], parameters);
    for (const [step, want] of golden.cases[name].entries()) {
      for (const [n, p] of parameters) giveGradient(p, golden.grads[step][n]);
      optimizer.step(name.endsWith("rates") ? golden.factors[step] : 1);
      for (const [n, p] of parameters) {
        const got = await p.value.data();
        want[n].forEach((v, i) => {
          expect(Math.abs(got[i] - v), `${n}[${i}] after step ${step}: ${got[i]}, PyTorch ${v}`).toBeLessThan(2e-6);
        });
      }
      expect((await optimizer.gradients()).norm).toBeCloseTo(golden.norms[step], 5);
    }
    optimizer.dispose();
    for (const p of parameters.values()) p.dispose();
    expect(device.memory().liveBuffers).toBe(before);
  });

  test.each([
    "adamw groups",
    "sgd lasagne nesterov rates",
    "adagrad all",
    "rmsprop all",
  ])("%s goes on from a saved state to the same bits", async (name) => {
    const run = async (stopAt: number | undefined): Promise<Float32Array> => {
      let parameters = makeParameters();
      let optimizer = new Optimizer(specs[name], parameters);
      for (let step = 0; step < 5; step++) {
        if (step === stopAt) {
          const state = await optimizer.stateDict();
          const values = await Promise.all([...parameters.values()].map((p) => p.value.data()));
          optimizer.dispose();
          parameters = makeParameters();
          [...parameters.values()].forEach((p, i) => {
            p.set(device, values[i]);
          });
          optimizer = new Optimizer(specs[name], parameters);
          optimizer.load(state);
        }
        for (const [n, p] of parameters) giveGradient(p, golden.grads[step][n]);
        optimizer.step();
      }
      const out = await parameters.get("b.weight")!.value.data();
      optimizer.dispose();
      return out;
    };
    expect(await run(3)).toEqual(await run(undefined));
  });

  test("refuses a state of another optimizer", async () => {
    const parameters = makeParameters();
    const a = new Optimizer(specs.adam, parameters);
    const b = new Optimizer(specs["sgd momentum"], parameters);
    const state = await a.stateDict();
    expect(() => b.load(state)).toThrow(CheckpointError);
    expect(() => b.load(state)).toThrow(/momentum_buffer\.a\.weight.*unexpected: exp_avg\.a\.weight/);
    a.dispose();
    b.dispose();
  });
});

describe("guards", () => {
  test.each([
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ])("a gradient of %s changes nothing and is named", async (bad) => {
    const parameters = makeParameters();
    const optimizer = new Optimizer(specs.adamw, parameters);
    for (const [n, p] of parameters) giveGradient(p, golden.grads[0][n]);
    optimizer.step();
    const before = await Promise.all([...parameters.values()].map((p) => p.value.data()));
    giveGradient(parameters.get("b.weight")!, [1, 2, bad, 4, 5]);
    optimizer.step();
    optimizer.step();
    const report = await optimizer.gradients();
    expect(report).toEqual({ norm: Number.NaN, badSteps: 2, firstBad: { step: 2, name: "b.weight" } });
    expect(await Promise.all([...parameters.values()].map((p) => p.value.data()))).toEqual(before);
    optimizer.dispose();
  });

  test("a parameter without gradient stays as it is, and an older gradient of it counts no more", async () => {
    const parameters = makeParameters();
    const optimizer = new Optimizer(specs.adamw, parameters);
    for (const [n, p] of parameters) giveGradient(p, golden.grads[0][n]);
    optimizer.step();
    const a = parameters.get("a.weight")!;
    const before = await a.value.data();
    a.value.zeroGrad();
    optimizer.step();
    expect(await a.value.data()).toEqual(before);
    const b = golden.grads[0]["b.weight"];
    expect((await optimizer.gradients()).norm).toBeCloseTo(Math.hypot(...b), 5);
    optimizer.dispose();
  });

  test("a step between forward and backward is refused by the tape", () => {
    const parameters = makeParameters();
    const optimizer = new Optimizer(specs.sgd, parameters);
    const p = parameters.get("b.weight")!;
    const loss = keep(tidy(() => p.value.square().sum()));
    for (const [n, q] of parameters) giveGradient(q, golden.grads[0][n]);
    optimizer.step();
    expect(() => loss.backward()).toThrow(GradError);
    loss.dispose();
    optimizer.dispose();
  });

  test("a large gradient is summed over many chunks, the same bits each time", async () => {
    class Big extends Module {
      readonly weight = new Parameter([300, 701], constant(1));
    }
    const big = new Big().init(device, new Rng(1));
    const optimizer = new Optimizer(sgd({ lr: 0, clip: 1 }), big.namedParameters());
    const data = new Rng(5).normal(device, [300, 701]);
    const host = await data.data();
    const norms: number[] = [];
    for (let i = 0; i < 2; i++) {
      big.weight.value.zeroGrad();
      tidy(() => big.weight.value.mul(data).sum().backward());
      optimizer.step();
      norms.push((await optimizer.gradients()).norm);
    }
    expect(norms[1]).toBe(norms[0]);
    const want = Math.sqrt(host.reduce((s, v) => s + v * v, 0));
    expect(Math.abs(norms[0] - want) / want).toBeLessThan(1e-6);
    optimizer.dispose();
    big.dispose();
    data.dispose();
  });

  test("bad options and an empty selection are refused with their path", () => {
    expect(() => sgd({ lr: -1 })).toThrow(ConfigError);
    expect(() => sgd({ lr: 0.1, form: "keras" as "torch" })).toThrow(/form is keras; it must be torch or lasagne/);
    expect(() => sgd({ lr: 0.1, momentum: 0.9, dampening: 0.1, form: "lasagne" })).toThrow(/no dampening/);
    expect(() => gradientDescent({ lr: Number.NaN })).toThrow(/lr is NaN/);
    expect(() => adagrad({ lr: 0.1, lrDecay: -1 })).toThrow(/adagrad: lrDecay is -1; it must be/);
    expect(() => rmsprop({ lr: 0.1, alpha: 1 })).toThrow(/rmsprop: alpha is 1; it must be at least 0 and below 1/);
    expect(() => sgd({ lr: 0.1, nesterov: true })).toThrow(/Nesterov momentum needs momentum/);
    expect(() => adam({ lr: 0.1, betas: [1, 0.9] })).toThrow(/betas is 1/);
    // A group is judged together with what it takes over.
    const group = { select: "a", nesterov: true };
    expect(sgd({ lr: 0.1, momentum: 0.9, groups: [group] }).options.groups).toEqual([group]);
    expect(() => sgd({ lr: 0.1, groups: [group] })).toThrow(/Nesterov momentum needs momentum/);
    expect(() => sgd({ lr: 0.1, momentun: 0.9 } as never)).toThrow(/momentun/);
    expect(() => adam({ lr: 0.1, groups: [{ select: "a", lr: Number.NaN }] })).toThrow(/lr is NaN/);
    expect(() => new Optimizer(sgd({ lr: 0.1, parameters: "encoder" }), makeParameters())).toThrow(
      /no parameter is selected among a\.weight/,
    );
  });

  test("a missing rate, unknown names, and a group that selects nothing are refused, with the nearest name", () => {
    expect(() => sgd({} as never)).toThrow(/^sgd: lr is undefined; it must be a finite number of 0 or more/);
    expect(() => adam({ lr: 0.1, weight_decay: 0.01 } as never)).toThrow(
      /^adam: it has no field "weight_decay"; did you mean weightDecay\? There are lr, weightDecay, decoupled, betas, eps/,
    );
    expect(() => sgd({ lr: 0.1, groups: [{ select: "a", momentm: 0 }] } as never)).toThrow(
      /^sgd: it has no field "groups.momentm"; did you mean momentum\?/,
    );
    expect(() => oneCycle({ warmpu: 0.1 } as never)).toThrow(
      /^one-cycle: it has no field "warmpu"; did you mean warmup\?/,
    );
    expect(() => cosineRate({ end: 2 })).toThrow(/end is 2; it must be from 0 to 1/);
    const bound = (select: Select) => () => new Optimizer(sgd({ lr: 0.1, groups: [{ select }] }), makeParameters());
    expect(bound("a.weigth")).toThrow(
      /^sgd: the group that selects "a.weigth" has no parameter; did you mean a.weight\?/,
    );
    expect(bound(/conv/)).not.toThrow(); // a rule for many models, which a trainer asks for
    expect(bound(["nothing", "a"])).not.toThrow();
  });
});

describe("schedules against PyTorch", () => {
  const kinds: Record<string, ScheduleSpec> = {
    "one cycle": oneCycle(),
    "one cycle short": oneCycle({ warmup: 0.1, divide: 10, finalDivide: 100 }),
    cosine: cosineRate({ end: 0.1 }),
    step: stepRate({ every: 3, gamma: 0.5 }),
    plateau: plateau({ gamma: 0.5, patience: 2 }),
  };
  test.each(Object.keys(kinds))("%s", (name) => {
    const want = golden.schedules[name];
    let schedule = makeSchedule(kinds[name]);
    want.forEach((v, step) => {
      expect(schedule.factor({ step, totalSteps: want.length, epoch: step }), `step ${step}`).toBeCloseTo(v, 12);
      schedule.observe?.(golden.schedules["plateau metrics"][step]);
      const saved = schedule.state?.();
      if (saved) {
        schedule = makeSchedule(kinds[name]);
        schedule.restore?.(saved);
      }
    });
  });
});

describe("average of the weights", () => {
  test("follows its formula, is lent without copying, and comes back from its state", async () => {
    const model = new Linear(3, 2).init(device, new Rng(3));
    const first = await model.weight.value.data();
    const average = new Ema({ decay: 0.5 }, model);
    model.weight.set(
      device,
      first.map((v) => v + 1),
    );
    average.update(); // decay min(0.5, 2 / 11)
    average.update(); // decay min(0.5, 3 / 12)
    const want = first.map((v) => v + 1 - (2 / 11) * (3 / 12));
    const handle = model.weight.value;
    const lent = await average.lend(() => model.weight.value.data());
    lent.forEach((v, i) => {
      expect(v).toBeCloseTo(want[i], 6);
    });
    expect(model.weight.value).toBe(handle);
    const other = new Ema({ decay: 0.5 }, model);
    other.load(await average.stateDict(), average.steps);
    expect(await other.lend(() => model.weight.value.data())).toEqual(lent);
    average.dispose();
    other.dispose();
    model.dispose();
  });
});
