import { describe, expect, it } from "vitest";
import { DeviceError } from "../../src/errors.ts";
import {
  batchNorm,
  concat,
  conv2d,
  dropout,
  keep,
  maxPool2d,
  mseLoss,
  Rng,
  recordStep,
  relu,
  type Tensor,
  tensor,
  tidy,
  zeros,
} from "../../src/tensor/index.ts";
import { testDevice } from "../harness/device.ts";

const rng = new Rng(8);
const bits = (v: Float32Array) => new Uint32Array(v.buffer, v.byteOffset, v.length);

/** A small network with what a step may hold: convolution, batch norm with running statistics, dropout, copies. */
async function small() {
  const device = await testDevice();
  const x = keep(rng.fork("x").normal(device, [2, 3, 12, 12]));
  const y = keep(rng.fork("y").normal(device, [2, 8, 6, 6]));
  const w = keep(rng.fork("w").normal(device, [4, 3, 3, 3]).requireGrad());
  const scale = keep(rng.fork("scale").uniform(device, [4]).requireGrad());
  const shift = keep(rng.fork("shift").uniform(device, [4]).requireGrad());
  const mean = keep(zeros(device, [4]));
  const variance = keep(tensor(device, new Float32Array(4).fill(1), [4]));
  const learned = [w, scale, shift];
  const step = (masks: Rng) => (): Tensor[] => {
    const h = batchNorm(conv2d(x, w, { padding: 1 }), {
      weight: scale,
      bias: shift,
      runningMean: mean,
      runningVar: variance,
      training: true,
    });
    const p = dropout(maxPool2d(relu(h), { kernelSize: 2 }), { p: 0.3, rng: masks });
    const loss = mseLoss(concat([p, p], 1), y);
    loss.backward();
    const grads = learned.map((t) => t.grad!.mul(2));
    for (const t of learned) t.zeroGrad();
    return [loss, ...grads];
  };
  const read = async (list: readonly Tensor[]) => {
    const out: Uint32Array[] = [];
    for (const t of [...list, mean, variance]) out.push(bits(await t.data()));
    return out;
  };
  const reset = () => {
    mean.write(new Float32Array(4));
    variance.write(new Float32Array(4).fill(1));
  };
  const images = [0, 1, 2].map((i) => rng.fork(`image ${i}`));
  const show = (i: number) => {
    const from = images[i].fork("again");
    x.write(Float32Array.from({ length: x.size }, () => from.normal()));
  };
  const dispose = () => {
    for (const t of [x, y, ...learned, mean, variance]) t.dispose();
  };
  return { device, x, step, read, reset, show, dispose };
}

describe("recordStep", () => {
  it("runs again with the bits of the plain step, on new numbers and new masks", async () => {
    const s = await small();
    const plain: Uint32Array[][] = [];
    const masks = rng.fork("masks");
    const eager = s.step(masks);
    for (let i = 0; i < 3; i++) {
      s.show(i);
      const results = tidy(eager);
      plain.push(await s.read(results));
      for (const t of results) t.dispose();
    }
    s.reset();
    s.show(0);
    const recorded = recordStep(s.device, s.step(rng.fork("masks")));
    const before = s.device.memory();
    const again = [await s.read(recorded.value)];
    for (let i = 1; i < 3; i++) {
      s.show(i);
      recorded.run();
      again.push(await s.read(recorded.value));
    }
    expect(again).toEqual(plain);
    expect(again[1]).not.toEqual(again[0]);
    expect(s.device.memory().live).toBe(before.live);
    recorded.dispose();
    s.dispose();
  });

  it("keeps its buffers to itself until it is disposed, then gives all of them back", async () => {
    const s = await small();
    const before = s.device.memory().liveBuffers;
    const recorded = recordStep(s.device, s.step(rng.fork("masks")));
    const first = await s.read(recorded.value);
    // Other work of the same sizes must not meet the step's buffers.
    const others = Array.from({ length: 20 }, () => keep(zeros(s.device, [2, 4, 12, 12])));
    s.reset();
    recorded.run();
    for (const t of others) expect(Math.max(...(await t.data()).map(Math.abs))).toBe(0);
    expect((await s.read(recorded.value)).length).toBe(first.length);
    for (const t of others) t.dispose();
    expect(s.device.memory().liveBuffers).toBeGreaterThan(before);
    recorded.dispose();
    expect(s.device.memory().liveBuffers).toBe(before);
    expect(() => recorded.run()).toThrow(/was disposed; record it again/);
    s.dispose();
  });

  it("refuses to run where a tensor it was recorded with is gone, whose memory may be another's by now", async () => {
    const device = await testDevice();
    const before = device.memory().liveBuffers;
    const [x, y] = [keep(zeros(device, [5])), keep(zeros(device, [5]))];
    const recorded = recordStep(device, () => x.add(y));
    recorded.run();
    y.dispose();
    const other = keep(zeros(device, [5]));
    expect(() => recorded.run()).toThrow(/uses a tensor of 256 bytes that was disposed since; keep its inputs/);
    recorded.dispose();
    for (const t of [x, other]) t.dispose();
    expect(device.memory().liveBuffers).toBe(before);
  });

  it("refuses what a further run could not repeat", async () => {
    const device = await testDevice();
    const x = keep(tensor(device, Float32Array.of(1, 2), [2]));
    const before = device.memory().liveBuffers;
    expect(() => recordStep(device, () => tensor(device, Float32Array.of(1), [1]))).toThrow(
      /brings numbers from the host/,
    );
    const gone = keep(tensor(device, Float32Array.of(1, 2), [2]));
    expect(() =>
      recordStep(device, () => {
        const y = x.add(gone);
        gone.dispose();
        return y;
      }),
    ).toThrow(/disposes a tensor of 256 bytes that was made before it/);
    expect(() => recordStep(device, () => recordStep(device, () => x.add(x)).value)).toThrow(DeviceError);
    let read: Promise<unknown> | undefined;
    const ok = recordStep(device, () => {
      read = x.data();
      return x.add(x);
    });
    await expect(read).rejects.toThrow(/reads back/);
    ok.dispose();
    expect(device.memory().liveBuffers).toBe(before);
    x.dispose();
  });
});
