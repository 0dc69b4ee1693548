/**
 * What the benchmark runs, and on which numbers: the same for every participant. Layouts are NCHW and OIHW; a participant
 * that wants others converts before the clock starts, and gives its results back in these.
 */
export interface ConvSize {
  readonly x: readonly [n: number, c: number, h: number, w: number];
  readonly w: readonly [o: number, i: number, kh: number, kw: number];
  readonly padding: number;
  readonly dilation: number;
  readonly groups: number;
}

export type Job =
  | { readonly type: "conv"; readonly size: ConvSize }
  | { readonly type: "maxPool" | "batchNorm" | "softmax"; readonly shape: readonly [number, number, number, number] }
  | { readonly type: "unet" }
  | { readonly type: "beetle" };

export interface Workload {
  readonly id: string;
  readonly kind: "kernel" | "layer" | "step";
  readonly shape: string;
  readonly pass: "fwd" | "fwdbwd";
  readonly job: Job;
  /** Floating-point operations of one run, in units of 1e9, where they are counted. */
  readonly gflop?: number;
}

/** A workload as one participant runs it. */
export interface Prepared {
  /** Runs once and waits until the device has finished. */
  run(): Promise<void>;
  /** Results by name (y, dx, dw, ... or the losses of the first steps), to be compared with those of the others. */
  results(): Promise<Record<string, Float32Array>>;
  /** Variants of its kernels that the results came from, where there are any: "conv2d forward tile". */
  variants?(): readonly string[];
  dispose(): void;
}

export interface Participant {
  /** How it runs: its fastest mode. */
  readonly mode: string;
  readonly adapter: string;
  /** undefined: it has nothing for this workload. */
  prepare(workload: Workload): Promise<Prepared | undefined>;
}

/** Uniform numbers in [-scale, scale] of a seed: mulberry32. */
export function draws(count: number, seed: number, scale = 1): Float32Array {
  let a = seed >>> 0;
  return Float32Array.from({ length: count }, () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (((t ^ (t >>> 14)) >>> 0) / 2 ** 31 - 1) * scale;
  });
}

export const product = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

const conv = (c: number, size: number, o: number, k: number, padding: number, dilation = 1, groups = 1): ConvSize => ({
  x: [1, c, size, size],
  w: [o, c / groups, k, k],
  padding,
  dilation,
  groups,
});
const convolutions: Readonly<Record<string, ConvSize>> = {
  "conv 3x3 64->64 @128": conv(64, 128, 64, 3, 1),
  "conv 3x3 3->64 @256": conv(3, 256, 64, 3, 1),
  "conv 9x9 d4 1->32 @128": conv(1, 128, 32, 9, 16, 4),
  "conv 1x1 256->256 @32": conv(256, 32, 256, 1, 0),
  "depthwise 3x3 192 @64": conv(192, 64, 192, 3, 1, 1, 192),
  "grouped 3x3 g32 256 @32": conv(256, 32, 256, 3, 1, 1, 32),
};

/** A small U-Net: two 3x3 convolutions with bias and ReLU a level, nearest enlarging, a 1x1 head; no batch norm. */
export const unet = { batch: 8, size: 64, widths: [16, 32, 64, 128], outputs: 8, learningRate: 1e-3 };

export interface UnetLayer {
  readonly w: readonly [number, number, number, number];
  /** Side of its output. */
  readonly size: number;
}

/** The U-Net's convolutions in the order they run: down, up, head. */
export function unetLayers(): UnetLayer[] {
  const { size, widths, outputs } = unet;
  const layers: UnetLayer[] = [];
  let c = 1;
  widths.forEach((o, l) => {
    layers.push({ w: [o, c, 3, 3], size: size >> l }, { w: [o, o, 3, 3], size: size >> l });
    c = o;
  });
  for (let l = widths.length - 2; l >= 0; l--) {
    const o = widths[l];
    layers.push({ w: [o, c + o, 3, 3], size: size >> l }, { w: [o, o, 3, 3], size: size >> l });
    c = o;
  }
  layers.push({ w: [outputs, c, 1, 1], size });
  return layers;
}

export const unetWeights = (): Float32Array[] =>
  unetLayers().map(({ w }, k) => draws(product(w), 100 + k, Math.sqrt(6 / product(w.slice(1)))));

export function unetData(): { x: Float32Array; y: Float32Array } {
  const { batch, size, outputs } = unet;
  const y = new Float32Array(batch * outputs * size * size);
  const centers = draws(2 * batch * outputs, 51);
  for (let n = 0; n < batch * outputs; n++)
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++) {
        const dy = i - (0.5 + centers[2 * n] / 2) * size;
        const dx = j - (0.5 + centers[2 * n + 1] / 2) * size;
        y[(n * size + i) * size + j] = Math.exp(-(dy * dy + dx * dx) / 18);
      }
  return { x: draws(batch * size * size, 50), y };
}

/** The beetle paper's third network (Le Van Linh et al.) without its dropout, whose masks no two libraries share. */
export const beetle = {
  batch: 8,
  image: [192, 256],
  convs: [
    [32, 1, 3, 3],
    [64, 32, 2, 2],
    [128, 64, 2, 2],
  ] as [number, number, number, number][],
  dense: [
    [128 * 23 * 31, 1000],
    [1000, 1000],
    [1000, 16],
  ] as [number, number][],
  learningRate: 1e-3,
  momentum: 0.9,
};

export const beetleWeights = (): { convs: Float32Array[]; dense: Float32Array[] } => ({
  convs: beetle.convs.map((w, k) => draws(product(w), 200 + k, Math.sqrt(3 / product(w.slice(1))))),
  dense: beetle.dense.map(([i, o], k) => draws(i * o, 300 + k, Math.sqrt(3 / i))),
});

/** Steps whose losses are compared before the clock starts. */
export const comparedSteps = 4;

const convFlop = ({ x, w }: ConvSize): number => 2 * product(w) * x[0] * x[2] * x[3];
const unetFlop = (): number =>
  unetLayers().reduce((sum, { w, size }) => sum + 2 * unet.batch * product(w) * size ** 2, 0);
const beetleFlop = (): number =>
  beetle.convs.reduce((sum, w, k) => sum + 2 * 8 * product(w) * [190 * 254, 94 * 126, 46 * 62][k], 0) +
  beetle.dense.reduce((sum, [i, o]) => sum + 2 * 8 * i * o, 0);

export function workloads(): Workload[] {
  const big: [number, number, number, number] = [8, 64, 128, 128];
  const maps: [number, number, number, number] = [8, 19, 128, 128];
  return [
    ...(["fwd", "fwdbwd"] as const).flatMap((pass) =>
      Object.entries(convolutions).map(
        ([id, size]): Workload => ({
          id,
          kind: "kernel",
          shape: `x [${size.x}] w [${size.w}]`,
          pass,
          job: { type: "conv", size },
          gflop: (convFlop(size) * (pass === "fwd" ? 1 : 3)) / 1e9,
        }),
      ),
    ),
    { id: "max pool 2", kind: "layer", shape: `[${big}]`, pass: "fwdbwd", job: { type: "maxPool", shape: big } },
    { id: "batch norm", kind: "layer", shape: `[${big}]`, pass: "fwdbwd", job: { type: "batchNorm", shape: big } },
    {
      id: "softmax over 128x128",
      kind: "layer",
      shape: `[${maps}]`,
      pass: "fwdbwd",
      job: { type: "softmax", shape: maps },
    },
    {
      id: "U-Net step 16-32-64-128",
      kind: "step",
      shape: "[8,1,64,64], 8 maps, MSE, Adam",
      pass: "fwdbwd",
      job: { type: "unet" },
      gflop: (3 * unetFlop()) / 1e9,
    },
    {
      id: "beetle step FC 1000",
      kind: "step",
      shape: "[8,1,192,256], MSE, Nesterov",
      pass: "fwdbwd",
      job: { type: "beetle" },
      gflop: (3 * beetleFlop()) / 1e9,
    },
  ];
}
