/** What is written in place: waiting work reads the old numbers, and the tape refuses gradients that would need them. */
import { beforeAll, describe, expect, test } from "vitest";
import type { Device } from "../../src/device/index.ts";
import { DeviceError } from "../../src/errors.ts";
import { mapOne } from "../../src/kernels/elementwise/map.ts";
import { constant, Linear, Parameter } from "../../src/nn/index.ts";
import { batchNorm, instanceNorm, recordStep, type Tensor, tensor, tidy } from "../../src/tensor/index.ts";
import { Ema } from "../../src/training/ema.ts";
import { Optimizer } from "../../src/training/optimizer.ts";
import { sgd } from "../../src/training/optimizer-spec.ts";
import { testDevice } from "../harness/device.ts";

let device: Device;
beforeAll(async () => {
  device = await testDevice();
});

interface Written {
  /** What will be written in place, holding ones. */
  readonly values: readonly Tensor[];
  write(): void;
}

const image = (): Tensor => tensor(device, [1, 2, 3, 5, 8, 13, 21, 34], [2, 2, 2, 1]);
const ones = (n: number): Tensor => tensor(device, new Float32Array(n).fill(1));

function parameters(count: number): Written {
  const ps = Array.from({ length: count }, () => {
    const p = new Parameter([3], constant(0));
    p.set(device, new Float32Array(3).fill(1));
    p.value.mul(2).sum().backward();
    return p;
  });
  const optimizer = new Optimizer(sgd({ lr: 0.5 }), new Map(ps.map((p, i) => [`p${i}`, p])));
  return { values: ps.map((p) => p.value), write: () => optimizer.step() };
}

const writers: Record<string, () => Written> = {
  "write()": () => {
    const x = ones(3);
    return { values: [x], write: () => x.write(Float32Array.of(7, 7, 7)) };
  },
  "batch norm's running statistics": () => {
    const values = [ones(2), ones(2)];
    const write = () =>
      batchNorm(image(), {
        weight: ones(2),
        bias: ones(2),
        runningMean: values[0],
        runningVar: values[1],
        training: true,
      }).dispose();
    return { values, write };
  },
  "instance norm's running statistics": () => {
    const [runningMean, runningVar] = [ones(2), ones(2)];
    return {
      values: [runningMean, runningVar],
      write: () => instanceNorm(image(), { runningMean, runningVar }).dispose(),
    };
  },
  "an optimizer's step of one parameter": () => parameters(1),
  "an optimizer's step of parameters in one pack": () => parameters(3),
};

describe.each(Object.entries(writers))("%s", (_, make) => {
  test("leaves to work that waits the numbers as they were", async () => {
    const { values, write } = make();
    const waiting = values.map((t) => t.mul(10));
    expect(waiting.every((t) => t.storage.pending !== undefined)).toBe(true);
    write();
    for (const [i, t] of waiting.entries()) {
      expect(new Set(await t.data())).toEqual(new Set([10]));
      expect(new Set(await values[i].data())).not.toEqual(new Set([1]));
    }
  });

  test("makes the tape refuse a gradient that needs the old numbers", () => {
    const { values, write } = make();
    const factors = values.map((t) => tensor(device, new Float32Array(t.size)).requireGrad());
    const losses = values.map((t, i) => t.mul(factors[i]).sum());
    write();
    for (const loss of losses) expect(() => loss.backward()).toThrow(/overwritten in place/);
  });
});

test("an average of weights leaves to work that waits the numbers as they were", async () => {
  const layer = new Linear(2, 1);
  layer.weight.set(device, Float32Array.of(1, 1));
  layer.bias!.set(device, Float32Array.of(0));
  const ema = new Ema({ decay: 0.5, warmup: false }, layer);
  let waiting: Tensor | undefined;
  await ema.lend(() => {
    waiting = layer.weight.value.mul(10);
  });
  layer.weight.value.write(Float32Array.of(3, 3));
  ema.update();
  expect([...(await waiting!.data())]).toEqual([10, 10]);
});

test("each run of a recorded step counts as writing", () => {
  const [mean, variance] = [ones(2), ones(2)];
  const [x, weight, bias] = [image(), ones(2), ones(2)];
  const recorded = recordStep(device, () =>
    batchNorm(x, { weight, bias, runningMean: mean, runningVar: variance, training: true }),
  );
  const factor = ones(2).requireGrad();
  const loss = mean.mul(factor).sum();
  recorded.run();
  expect(() => loss.backward()).toThrow(/overwritten in place/);
  recorded.dispose();
});

test("whoever writes without bindingForWrite() is stopped while work waits for the old numbers", async () => {
  const [x, y] = [ones(4), ones(4)];
  const waiting = x.add(1);
  const message = /writes into tensor \[4\] while work that waits has yet to read .* bindingForWrite\(\)/;
  expect(() => mapOne(device, "2.0 * a", { a: y.binding(), y: x.binding() }, 4)).toThrow(DeviceError);
  expect(() => mapOne(device, "2.0 * a", { a: y.binding(), y: x.binding() }, 4)).toThrow(message);
  expect(() => device.write(x.binding(), new Float32Array(4))).toThrow(message);
  expect(() => device.clear(x.binding())).toThrow(message);
  expect(() => device.copy(y.binding(), x.binding())).toThrow(message);
  mapOne(device, "2.0 * a", { a: x.binding(), y: y.binding() }, 4); // reading is free
  expect([...(await waiting.data())]).toEqual([2, 2, 2, 2]);
  mapOne(device, "2.0 * a", { a: y.binding(), y: x.bindingForWrite() }, 4);
  expect([...(await x.data())]).toEqual([4, 4, 4, 4]);
});

test("parts of one memory count as one", async () => {
  const { values, write } = parameters(3);
  tidy(() => {
    values[0].mul(3); // dropped unread
  });
  write();
  const kept = values[1].mul(3);
  expect(() => device.write(values[2].binding(), new Float32Array(3))).toThrow(DeviceError);
  kept.dispose();
  device.write(values[2].bindingForWrite(), new Float32Array(3));
  expect(new Set(await values[2].data())).toEqual(new Set([0]));
});
