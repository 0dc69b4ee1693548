/**
 * Dawn's `null` back end takes every command and computes nothing, but reads and checks every shader: on it the whole op table,
 * gradients too, makes its pipelines as they are on lavapipe, on SwiftShader and on a GPU, whatever adapter there is. `openDevice`
 * refuses it; this test opens it by itself.
 */
import { afterAll, describe, expect, test } from "vitest";
import { isNull } from "../../src/device/adapter.ts";
import { Device, type Facts } from "../../src/device/index.ts";
import { conv2dVariants } from "../../src/kernels/conv/conv2d-variants.ts";
import { conv3dVariants } from "../../src/kernels/conv/conv3d.ts";
import { matmulVariants } from "../../src/kernels/matmul/matmul-variants.ts";
import { fill } from "../../src/kernels/wgsl/fill.ts";
import { connectedComponents, decodeCentroids, decodeHeatmaps } from "../../src/landmarks/index.ts";
import { Linear, Sequential } from "../../src/nn/index.ts";
import {
  add,
  conv2d,
  dropout,
  instanceNorm,
  lt,
  matmul,
  max,
  maximum,
  min,
  Rng,
  sum,
  type Tensor,
  tensor,
  tidy,
  where,
  zeros,
} from "../../src/tensor/index.ts";
import { Ema } from "../../src/training/ema.ts";
import { Optimizer } from "../../src/training/optimizer.ts";
import { adagrad, adam, adamw, type OptimizerSpec, rmsprop, sgd } from "../../src/training/optimizer-spec.ts";
import { ops } from "../ops/index.ts";
import { allShaders, halfSpecs } from "./half-specs.ts";

const covered = new Set<string>();
const open: Device[] = [];

async function nullDevice(facts: Partial<Facts> = {}): Promise<Device> {
  const { create } = await import("webgpu");
  const gpu = create(["backend=null", "enable-dawn-features=allow_unsafe_apis"]);
  const adapter = await gpu.requestAdapter();
  if (!adapter || !isNull(adapter)) throw new Error("Dawn gave no null adapter");
  const features = ["shader-f16", "subgroups", "chromium-experimental-subgroup-matrix"] as unknown as GPUFeatureName[];
  const gpuDevice = await adapter.requestDevice({ requiredFeatures: features.filter((f) => adapter.features.has(f)) });
  const names = { vendor: "", architecture: "", description: "null", kind: "system", hash: "null" } as const;
  const device = new Device(gpuDevice, gpu, names, { facts });
  open.push(device);
  device.observers.add(({ pipeline }) => covered.add(pipeline.spec.shader.name));
  return device;
}

afterAll(() => {
  for (const device of open) device.destroy();
});

/** Runs rows of an op forward and, where it has a gradient, backward. */
async function runRows(device: Device, op: string): Promise<void> {
  for (const row of ops[op].samples.rows) {
    const { inputs, attrs } = row.make();
    tidy(() => {
      const xs = inputs.map((r) => tensor(device, Float32Array.from(r.data), r.shape).requireGrad());
      const y: Tensor = ops[op].call(xs, { ...attrs });
      if (y.requiresGrad) y.backward(tensor(device, new Float32Array(y.size), y.shape));
    });
    await device.sync(); // throws what did not compile, with file and line, and any uncaptured error
  }
}

const kinds: Record<string, Partial<Facts>> = {
  lavapipe: { software: true, smallKernels: false, subgroupMin: 8, subgroupMax: 8 },
  SwiftShader: { software: true, smallKernels: true, subgroupMin: 4, subgroupMax: 4 },
  "a GPU": { software: false, smallKernels: false, subgroupMin: 32, subgroupMax: 32 },
  "a GPU without subgroups": { software: false, smallKernels: false, subgroupMin: 0, subgroupMax: 0 },
};

describe.each(Object.entries(kinds))("as on %s", (_, facts) => {
  test("every op of the table makes its pipelines", async () => {
    const device = await nullDevice(facts);
    for (const op of Object.keys(ops)) await runRows(device, op);
  }, 300_000);

  const families = { conv2d: conv2dVariants, conv3d: conv3dVariants, matmul: matmulVariants };
  test.each(
    Object.entries(families).flatMap(([family, list]) => list.map((v) => [family, v.name])),
  )("%s does by its variant %s", async (family, variant) => {
    const device = await nullDevice(facts);
    device.variants.set(family, variant);
    await runRows(device, family);
  });

  test("optimizers and averages do", async () => {
    const device = await nullDevice(facts);
    const specs: OptimizerSpec[] = [
      ...[sgd({ lr: 0.1 }), sgd({ lr: 0.1, momentum: 0.9 }), sgd({ lr: 0.1, momentum: 0.9, nesterov: true })],
      ...[adam({ lr: 0.1 }), adam({ lr: 0.1, clip: 1 }), adamw({ lr: 0.1 }), adagrad({ lr: 0.1 })],
      ...[rmsprop({ lr: 0.1 }), rmsprop({ lr: 0.1, centered: true, momentum: 0.9 })],
    ];
    for (const spec of specs)
      for (const layers of [[new Linear(5, 7)], [new Linear(1, 3, { bias: false })]]) {
        const model = new Sequential(...layers);
        model.init(device, new Rng(1));
        const optimizer = new Optimizer(spec, model.namedParameters());
        const averages = new Ema({ decay: 0.9 }, model);
        tidy(() =>
          model
            .forward(zeros(device, [2, layers[0].weight.shape[1]]))
            .sum()
            .backward(),
        );
        optimizer.step();
        averages.update();
        await device.sync();
      }
  });

  test("what stands in no table does", async () => {
    const device = await nullDevice(facts);
    const maps = zeros(device, [2, 3, 9, 8]);
    for (const mode of ["argmax", "parabola"] as const) decodeHeatmaps(maps, { mode });
    for (const weights of ["uniform", "values"] as const) decodeCentroids(maps, { weights });
    decodeCentroids(maps, { threshold: "adaptive", connectivity: 4 });
    connectedComponents(maps);
    dropout(maps.requireGrad(), { p: 0.5, rng: new Rng(1) })
      .sum()
      .backward();
    instanceNorm(maps, { runningMean: zeros(device, [3]), runningVar: zeros(device, [3]) });
    for (const dtype of ["i32", "u32"] as const) {
      const whole = zeros(device, [3, 4], dtype);
      for (const op of [add, maximum, lt]) op(whole, zeros(device, [4], dtype));
      add(1, whole);
      for (const op of [sum, max, min]) op(whole, 1);
      where(lt(whole, 3), whole, 0);
    }
    await device.sync();
  });

  test.each(
    conv2dVariants.map((v) => v.name),
  )("a convolution with batch norm does by its variant %s", async (variant) => {
    const device = await nullDevice(facts);
    device.variants.set("conv2d", variant);
    const vector = zeros(device, [12]);
    const statistics = { runningMean: vector, runningVar: vector };
    for (const [shape, groups] of [
      [[12, 8, 3, 3], 1],
      [[12, 8, 1, 1], 1], // in fours where the image is
      [[12, 1, 3, 3], 12],
    ] as const)
      for (const size of [8, 9]) {
        const [x, w] = [zeros(device, [2, shape[1] * groups, size, size]), zeros(device, shape)];
        conv2d(x, w, { groups, norm: statistics, bias: vector });
        conv2d(x, w, { groups, norm: { ...statistics, weight: vector, bias: vector }, activation: "relu" });
      }
    await device.sync();
  });
});

test("every shader makes its pipeline in float16", async () => {
  const device = await nullDevice();
  for (const spec of halfSpecs(await allShaders())) await device.pipelines.compile(spec);
  await device.sync();
});

test("subgroup matrices do, where both operands are float16 and come in whole tiles", async () => {
  const device = await nullDevice({ ...kinds["a GPU"], subgroupMatrices: true });
  const used: string[] = [];
  device.observers.add(({ pipeline }) => used.push(pipeline.spec.shader.name));
  const half = (shape: readonly number[]): Tensor => zeros(device, shape, "f16");
  for (const [a, b] of [
    [half([128, 96]), half([96, 192])],
    [half([3, 64, 32]), half([3, 32, 64])],
  ])
    tidy(() => matmul(a, b));
  await device.sync();
  expect(used).toEqual(["product_matrix", "product_matrix"]);
  used.length = 0;
  tidy(() => matmul(half([128, 96]), half([96, 190]))); // no whole tiles
  tidy(() => matmul(zeros(device, [128, 96]), zeros(device, [96, 192]))); // float32
  await device.sync();
  expect(used).not.toContain("product_matrix");
});

test("what does not compile is told", async () => {
  const device = await nullDevice();
  const broken = { ...fill, name: "fill_broken", source: fill.source.replace("params", "parms") };
  await expect(device.pipelines.compile({ shader: broken })).rejects.toThrow("wgsl/elementwise/fill.wgsl:");
  await device.sync();
});

test("no shader is left out", async () => {
  const names = (await allShaders()).map((s) => s.name);
  expect(names.filter((name) => !covered.has(name))).toEqual([]);
});
