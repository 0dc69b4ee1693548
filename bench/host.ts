/**
 * npm run bench:host [-- --adapter system|embedded --steps N --scout-steps N]: what the host costs. A small op run eagerly, the first U-Net step of a fresh
 * process, a training step run plainly against the same step recorded, and memory over 2,000 steps.
 */
import { parseArgs } from "node:util";
import Table from "cli-table3";
import { openDevice } from "../src/device/index.ts";
import { UNet } from "../src/models/index.ts";
import { blankBatch, type ScoutBatch } from "../src/mri/batches.ts";
import { defaultNet, defaultTraining, type ScoutTensors, scoutTask } from "../src/mri/index.ts";
import { add, keep, mseLoss, mul, noGrad, Rng, recordStep, relu, type Tensor, tidy } from "../src/tensor/index.ts";
import { adam, Optimizer } from "../src/training/index.ts";
import { Live } from "../src/training/live.ts";
import { StepRunner } from "../src/training/step-runner.ts";
import { adapterOf, count } from "./arguments.ts";

const { values } = parseArgs({
  options: {
    adapter: { type: "string" },
    steps: { type: "string", default: "2000" },
    "scout-steps": { type: "string", default: "200" },
  },
});
const usage = "usage: npm run bench:host -- [--adapter system|embedded] [--steps N] [--scout-steps N]";
const adapter = adapterOf(values.adapter, usage);
const steps = count("steps", values.steps, usage);
const scoutSteps = count("scout-steps", values["scout-steps"], usage);
const median = (v: number[]): number => v.sort((a, b) => a - b)[v.length >> 1];
const table = new Table({ head: ["what", "figure"], style: { head: [], border: [] } });
const rng = new Rng(3);

const opened = performance.now();
const device = await openDevice({ adapter });
const model = new UNet({ landmarks: 8, widths: [16, 32, 64, 128] }).init(device, rng.fork("model"));
model.train();
const optimizer = new Optimizer(adam({ lr: 1e-3 }), model.namedParameters());
const x = keep(rng.fork("x").normal(device, [1, 1, 32, 32]));
const y = keep(rng.fork("y").uniform(device, [1, 8, 32, 32]));
const step = (): Tensor => {
  const loss = mseLoss(model.call(x), y);
  loss.backward();
  optimizer.step();
  optimizer.zeroGrad();
  return loss;
};
const eager = (): void => tidy(step).dispose();
const seconds = (from: number): string => ((performance.now() - from) / 1000).toFixed(2);
const compiling = performance.now();
const kernels = await device.warmUp(eager);
table.push([`compile a U-Net step's ${kernels} kernels (warmUp), s`, seconds(compiling)]);
const first = performance.now();
eager();
await device.sync();
table.push(["the first U-Net step behind it, s", seconds(first)]);
table.push(["open the device, compile, run a first step, s", seconds(opened)]);
table.push(["  since the process began, s", (performance.now() / 1000).toFixed(2)]);

/** Host time of `work`, without that of the device: the commands are only submitted. */
async function hostMs(work: () => void, runs = 60): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < runs; i++) {
    const from = performance.now();
    work();
    times.push(performance.now() - from);
    await device.sync();
  }
  return median(times);
}

const ops = 200;
for (const [name, size] of [
  ["16 numbers", 16],
  ["4,096 numbers", 4096],
] as const) {
  const small = keep(rng.fork(name).normal(device, [size]));
  // Each result asked for: a kernel an op. In a chain: what waits is composed.
  const run = (alone: boolean) => (): void => {
    const last = tidy(() =>
      noGrad(() => {
        let t: Tensor = small;
        const next = (u: Tensor): void => {
          t = u;
          if (alone) device.settle();
        };
        for (let i = 0; i < ops / 4; i++) {
          next(add(t, 0.5));
          next(mul(t, 0.99));
          next(add(t, small));
          next(relu(t));
        }
        return t;
      }),
    );
    device.settle();
    last.dispose();
  };
  for (const alone of [true, false]) {
    await hostMs(run(alone), 20);
    const us = ((await hostMs(run(alone))) * 1000) / ops;
    table.push([`a small eager op (${name})${alone ? "" : " in a chain"}, host us`, us.toFixed(1)]);
  }
}

const plain = await hostMs(eager);
const recorded = recordStep(device, step);
const again = await hostMs(recorded.run);
table.push(["a training step run plainly, host ms", plain.toFixed(2)]);
table.push([`the same recorded (${recorded.length} commands), host ms`, again.toFixed(2)]);
table.push(["  the first over the second", (plain / again).toFixed(1)]);
recorded.dispose();

// A step of the scouts from a batch in memory to the last submit: uploading it, the step, its numbers' places. Run plainly and
// from the record in turn, on one model each.
{
  const net = defaultNet;
  const runner = (record: boolean): StepRunner<ScoutBatch, ScoutTensors> => {
    const scouts = scoutTask.build({ net, training: defaultTraining }).init(device, rng.fork("scouts"));
    scouts.train();
    const config = { net, training: defaultTraining };
    const recipe = scoutTask.recipe(config);
    return new StepRunner(
      {
        ...recipe,
        device,
        model: scouts,
        rng: rng.fork("steps"),
        record,
        upload: (batch, on) => scoutTask.upload(batch, on, config),
        step: ({ tensors }) => scoutTask.loss(scouts, tensors, config),
      },
      new Live(device, scouts, recipe.optimizer, recipe.ema),
      () => {},
    );
  };
  const batch = blankBatch(defaultTraining.batch, net);
  const ways = [runner(false), runner(true)] as const;
  const times: [number[], number[]] = [[], []];
  for (let i = 0; i < 3 + scoutSteps; i++)
    for (const [k, way] of ways.entries()) {
      const from = performance.now();
      way.run({ step: i, epoch: 0, firstBatch: i, factor: 1 / (1 + i) }, [batch]);
      device.settle();
      device.flush();
      if (i >= 3) times[k].push(performance.now() - from); // the third is the first from the record
      await device.sync();
      way.pending.drop();
    }
  const [anew, replayed] = times.map(median);
  table.push([`a step of the scouts run plainly (median of ${scoutSteps}), host ms`, anew.toFixed(2)]);
  table.push(["  from the record, in turn with it, host ms", replayed.toFixed(2)]);
  table.push(["  the second over the first", (replayed / anew).toFixed(3)]);
  for (const way of ways) way.dispose();
}

for (let i = 0; i < 50; i++) eager();
await device.sync();
const before = { ...device.memory(), rss: process.memoryUsage().rss };
for (let i = 0; i < steps; i++) {
  eager();
  if (i % 10 === 9) await device.sync();
}
const after = { ...device.memory(), rss: process.memoryUsage().rss };
table.push([`buffers more after ${steps} steps`, after.liveBuffers - before.liveBuffers]);
table.push(["  bytes live and pooled more", after.live + after.pooled - before.live - before.pooled]);
table.push(["  resident memory of the process more, MB", ((after.rss - before.rss) / 1e6).toFixed(1)]);
console.log(`${device.info.description} (${device.info.kind})`);
console.log(table.toString());
process.exit(0);
