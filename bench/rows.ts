import type { Device } from "../src/device/index.ts";
import { UNet } from "../src/models/index.ts";
import { batchNorm, conv2d, keep, maxPool2d, mseLoss, Rng, softmax, type Tensor } from "../src/tensor/index.ts";
import { adam, Optimizer } from "../src/training/index.ts";

export interface BenchRow {
  readonly id: string;
  readonly kind: "kernel" | "layer" | "step";
  readonly shape: string;
  readonly pass: "fwd" | "fwdbwd";
  /** Floating-point operations of one run, in units of 1e9, where they are counted. */
  readonly gflop?: number;
  prepare(): { run(): void; dispose(): void };
}

const rng = new Rng(1);

/** Inputs that stay on the device, and what to run on them; backward from the sum where `pass` asks for it. */
const row = (
  device: Device,
  head: Omit<BenchRow, "prepare">,
  shapes: readonly (readonly number[])[],
  op: (x: Tensor[]) => Tensor,
): BenchRow => ({
  ...head,
  prepare() {
    const x = shapes.map((s, i) => keep(rng.fork(`${head.id} ${i}`).normal(device, s)));
    if (head.pass === "fwdbwd") for (const t of x) t.requireGrad();
    return {
      run() {
        const y = op(x);
        if (head.pass !== "fwdbwd") return;
        y.sum().backward();
        for (const t of x) t.zeroGrad();
      },
      dispose() {
        for (const t of x) t.dispose();
      },
    };
  },
});

const convolutions = [
  { id: "conv 3x3 64->64 @128", x: [1, 64, 128, 128], w: [64, 64, 3, 3], options: { padding: 1 } },
  { id: "conv 3x3 3->64 @256", x: [1, 3, 256, 256], w: [64, 3, 3, 3], options: { padding: 1 } },
  { id: "conv 9x9 d4 1->32 @128", x: [1, 1, 128, 128], w: [32, 1, 9, 9], options: { padding: 16, dilation: 4 } },
  { id: "conv 1x1 256->256 @32", x: [1, 256, 32, 32], w: [256, 256, 1, 1], options: {} },
  { id: "depthwise 3x3 192 @64", x: [1, 192, 64, 64], w: [192, 1, 3, 3], options: { padding: 1, groups: 192 } },
  { id: "grouped 3x3 g32 256 @32", x: [1, 256, 32, 32], w: [256, 8, 3, 3], options: { padding: 1, groups: 32 } },
] as const;

const trainingStep = (device: Device): BenchRow => ({
  id: "U-Net step 16-32-64-128, batch 8 of 64x64",
  kind: "step",
  shape: "[8, 1, 64, 64]",
  pass: "fwdbwd",
  prepare() {
    const model = new UNet({ landmarks: 8, widths: [16, 32, 64, 128] }).init(device, rng.fork("model"));
    const optimizer = new Optimizer(adam({ lr: 1e-3 }), model.namedParameters());
    const x = keep(rng.fork("x").normal(device, [8, 1, 64, 64]));
    const y = keep(rng.fork("y").uniform(device, [8, 8, 64, 64]));
    return {
      run() {
        mseLoss(model.forward(x), y).backward();
        optimizer.step();
        optimizer.zeroGrad();
      },
      dispose() {
        for (const t of [x, y, optimizer, model]) t.dispose();
      },
    };
  },
});

/** The rows of the benchmark: the sizes that the peers were measured at. */
export const rows = (device: Device): BenchRow[] => {
  const passes = ["fwd", "fwdbwd"] as const;
  const big = [8, 64, 128, 128];
  return [
    ...convolutions.flatMap(({ id, x, w, options }) =>
      passes.map((pass) =>
        row(
          device,
          {
            id,
            kind: "kernel",
            shape: `x [${x}] w [${w}]`,
            pass,
            gflop: (2 * w[0] * w[1] * w[2] * w[3] * x[0] * x[2] * x[3] * (pass === "fwd" ? 1 : 3)) / 1e9,
          },
          [x, w],
          ([a, b]) => conv2d(a, b, options),
        ),
      ),
    ),
    row(device, { id: "max pool 2", kind: "layer", shape: `[${big}]`, pass: "fwdbwd" }, [big], ([x]) =>
      maxPool2d(x, { kernel: 2 }),
    ),
    row(
      device,
      { id: "batch norm", kind: "layer", shape: `[${big}]`, pass: "fwdbwd" },
      [big, [64], [64], [64], [64]],
      ([x, w, b, m, v]) => batchNorm(x, w, b, m.detach(), v.detach(), { training: true }),
    ),
    row(
      device,
      { id: "softmax over 128x128", kind: "kernel", shape: "[8, 19, 128, 128]", pass: "fwdbwd" },
      [[8, 19, 128, 128]],
      ([x]) => softmax(x, [2, 3]),
    ),
    trainingStep(device),
  ];
};
