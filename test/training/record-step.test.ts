import { describe, expect, it } from "vitest";
import { BatchNorm2d, Conv2d, Dropout, ReLU, Sequential } from "../../src/nn/index.ts";
import { keep, mseLoss, Rng, recordStep, type Tensor, tidy } from "../../src/tensor/index.ts";
import { adamw, Ema, Optimizer, type OptimizerSpec, rmsprop, sgd } from "../../src/training/index.ts";
import { testDevice } from "../harness/device.ts";

const rng = new Rng(12);
const steps = 6;

/** Six training steps of a small network, plainly or from a record; everything that they changed. */
async function train(spec: OptimizerSpec, recorded: boolean) {
  const device = await testDevice();
  const model = new Sequential(
    new Conv2d(1, 6, 3, { padding: 1, bias: false }),
    new BatchNorm2d(6),
    new ReLU(),
    new Dropout(0.25),
    new Conv2d(6, 2, 3, { padding: 1 }),
  ).init(device, rng.fork("model"));
  model.train();
  const optimizer = new Optimizer(spec, model.namedParameters());
  const average = new Ema({ decay: 0.9 }, model);
  const x = keep(rng.fork("x").normal(device, [2, 1, 8, 8]));
  const y = keep(rng.fork("y").normal(device, [2, 2, 8, 8]));
  let now = 0;
  const step = (): Tensor => {
    const loss = mseLoss(model.forward(x), y);
    loss.backward();
    optimizer.step(() => 1 / (1 + now)); // a schedule
    optimizer.zeroGrad();
    average.update();
    return loss;
  };
  const begin = (i: number) => {
    now = i;
    model.reseed(rng.fork("step").fork(i));
    const next = rng.fork("batch").fork(i);
    x.write(Float32Array.from({ length: x.size }, () => next.normal()));
  };
  const losses: number[] = [];
  if (recorded) {
    begin(0);
    const run = recordStep(device, step);
    losses.push(await run.value.item());
    for (let i = 1; i < steps; i++) {
      begin(i);
      run.run();
      losses.push(await run.value.item());
    }
    run.dispose();
  } else
    for (let i = 0; i < steps; i++) {
      begin(i);
      const loss = tidy(step);
      losses.push(await loss.item());
      loss.dispose();
    }
  const report = await optimizer.gradients();
  const out = {
    losses,
    norm: report.norm,
    counts: [...optimizer.counts()],
    model: [...(await model.stateDict())].map(([n, e]) => [n, [...(e.data as Float32Array)]]),
    average: [...(await average.stateDict())].map(([n, e]) => [n, [...(e.data as Float32Array)]]),
    moments: [...(await optimizer.stateDict())].map(([n, e]) => [n, [...(e.data as Float32Array)]]),
  };
  for (const t of [x, y, optimizer, average, model]) t.dispose();
  return out;
}

describe("a recorded training step", () => {
  it.each([
    ["adamw, clipped", adamw({ lr: 1e-2, clip: 0.5 })],
    ["sgd with momentum", sgd({ lr: 1e-2, momentum: 0.9, nesterov: true })],
    ["rmsprop, centered", rmsprop({ lr: 1e-3, momentum: 0.9, centered: true })],
  ])("of %s gives the bits of plain steps: losses, weights, statistics, moments, averages, counts", async (_, spec) => {
    const before = (await testDevice()).memory().liveBuffers;
    const plain = await train(spec, false);
    const again = await train(spec, true);
    expect(again).toEqual(plain);
    expect(new Set(plain.losses).size).toBe(steps);
    expect((await testDevice()).memory().liveBuffers).toBe(before);
  });
});
