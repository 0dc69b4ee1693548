/**
 * What a GPU gives, for a machine that has one: rows of its size and of the benchmark's, by the wall's and the GPU's clock, and each
 * variant of the large rows. Writes `fiducial.json` into $OUT and prints tables. It is bundled into one file and needs no clone.
 * GPU_SECONDS bounds it (default 240); GPU_TINY=1 shrinks everything, to try it on a software adapter.
 */
import { UNet } from "../../src/models/index.ts";
import { keep, matmul, mseLoss, noGrad, Rng, recordStep, type Tensor, tidy } from "../../src/tensor/index.ts";
import { adam, Optimizer } from "../../src/training/index.ts";
import { device, participant } from "../fiducial.ts";
import { type Workload, workloads } from "../workloads.ts";
import { Results } from "./results.ts";
import { gpuRows } from "./rows.ts";

const tiny = process.env.GPU_TINY === "1";
const deadline = performance.now() + 1000 * Number(process.env.GPU_SECONDS ?? 240);
const left = (): number => (deadline - performance.now()) / 1000;
const results = new Results(`${process.env.OUT ?? "."}/fiducial.json`, tiny ? 0.05 : 0.5);
const rng = new Rng(5);

/** Times a workload; `label` is put behind its name. Numbers that are not finite, or all zero, are noted. */
async function row(w: Workload, label = ""): Promise<void> {
  const id = `${w.id}${label}`;
  try {
    const p = await participant.prepare(w);
    if (!p) return;
    if (label === "") {
      const bad = Object.entries(await p.results()).filter(
        ([, v]) => v.some((x) => !Number.isFinite(x)) || v.every((x) => x === 0),
      );
      if (bad.length > 0) results.notes[`suspicious ${id} ${w.pass}`] = bad.map(([name]) => name);
    }
    const variants = p.variants?.() ?? [];
    await results.time({ id, pass: w.pass, gflop: w.gflop ?? null, variants }, () => p.run());
    p.dispose();
  } catch (error) {
    results.fail(id, w.pass, error);
  }
}

/** A square product of matrices, n x n x n. */
async function gemm(n: number, label = ""): Promise<void> {
  const id = `G matmul ${n}${label}`;
  const [a, b] = ["a", "b"].map((name) => keep(rng.fork(name).normal(device, [n, n])));
  try {
    await results.time({ id, pass: "fwd", gflop: (2 * n ** 3) / 1e9, variants: [] }, async () => {
      tidy(() => {
        noGrad(() => matmul(a, b));
      });
      await device.sync();
    });
  } catch (error) {
    results.fail(id, "fwd", error);
  }
  a.dispose();
  b.dispose();
}

/** A training step of a large U-Net, run plainly and from a record. */
async function unetStep(): Promise<void> {
  const [size, batch, widths] = tiny ? [64, 1, [16, 32, 64]] : [256, 8, [64, 128, 256, 512, 1024]];
  const model = new UNet({ landmarks: 19, widths }).init(device, rng.fork("model"));
  model.train();
  const optimizer = new Optimizer(adam({ lr: 1e-4 }), model.namedParameters());
  const x = keep(rng.fork("x").normal(device, [batch, 1, size, size]));
  const y = keep(rng.fork("y").uniform(device, [batch, 19, size, size]));
  const step = (): Tensor => {
    const loss = mseLoss(model.call(x), y);
    loss.backward();
    optimizer.step();
    optimizer.zeroGrad();
    return loss;
  };
  const from = performance.now();
  await device.warmUp(() => tidy(step).dispose());
  results.notes.unet_compile_s = (performance.now() - from) / 1000;
  const name = "G U-Net 64..1024 @256 b8 step";
  const common = { pass: "fwdbwd", gflop: null, variants: [] } as const;
  await results.time({ id: `${name}, eager`, ...common }, async () => {
    tidy(step).dispose();
    await device.sync();
  });
  const recorded = recordStep(device, step);
  await results.time({ id: `${name}, recorded`, ...common }, async () => {
    recorded.run();
    await device.sync();
  });
  recorded.dispose();
  model.dispose();
}

for (const n of tiny ? [128] : [1024, 2048, 4096]) await gemm(n);
for (const pass of ["fwd", "fwdbwd"] as const)
  for (const w of gpuRows(pass, tiny)) if (left() > 60 || tiny) await row(w);
await unetStep().catch((error) => results.fail("G U-Net", "fwdbwd", error));
for (const w of workloads()) if (left() > 30 || tiny) await row(w);

// Every other variant of the large rows: what a tuner would find, by the GPU's clock.
for (const variant of ["workgroup", "workgroup128", "winograd", "pointwise", "subgroup", "tile"]) {
  device.variants.set("conv2d", variant);
  for (const w of gpuRows("fwdbwd", tiny)) if (w.job.type === "conv" && left() > 10) await row(w, ` (${variant})`);
  device.variants.delete("conv2d");
}
for (const variant of ["workgroup", "workgroup128", "vec4"]) {
  device.variants.set("matmul", variant);
  for (const n of tiny ? [128] : [1024, 4096]) if (left() > 5) await gemm(n, ` (${variant})`);
  device.variants.delete("matmul");
}
results.save();
console.log(`${left().toFixed(0)} s left`);
process.exit(0);
