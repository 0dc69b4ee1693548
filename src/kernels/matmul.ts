import type { Binding, Device } from "../device/index.ts";
import { ConfigError } from "../errors.ts";
import { eight } from "./grid.ts";
import { chooseMatmulVariant, longSums, type MatmulVariant, matmulVariants } from "./matmul-choose.ts";
import { batchesOf, type MatmulDims } from "./matmul-dims.ts";
import { launchMatmul, type MatmulIo, type MatmulKernel } from "./matmul-launch.ts";
import { reduceAxis } from "./reduce.ts";
import { withFloats } from "./softmax.ts";

export type { MatmulDims } from "./matmul-dims.ts";

export interface MatmulOptions {
  /** Insists on one variant; by default `chooseMatmulVariant` picks. ConfigError when it cannot run here. */
  readonly variant?: MatmulVariant;
}

function variantOf(device: Device, dims: MatmulDims, wanted: MatmulVariant | undefined): MatmulVariant {
  const insisted = device.variants.get("matmul") as MatmulVariant | undefined;
  if (wanted === undefined && insisted === undefined) return chooseMatmulVariant(dims, device);
  const able = matmulVariants(dims, device);
  if (wanted === undefined) return able.includes(insisted!) ? insisted! : chooseMatmulVariant(dims, device);
  if (able.includes(wanted)) return wanted;
  throw new ConfigError("variant", `matmul: the variant "${wanted}" cannot run here; choose one of ${able.join(", ")}`);
}

/** A stretch of one matrix dimension, for an operand that is larger than one binding. */
interface Stretch {
  readonly from: number;
  readonly length: number;
}

/** Cuts a dimension so that a stretch of each operand, with these strides along it, fits one binding, 256-byte aligned. */
function stretches(device: Device, length: number, strides: readonly number[]): Stretch[] {
  if (strides.length === 0) return [{ from: 0, length }];
  const most = device.limits.maxStorageBufferBindingSize / 4;
  const aligned = Math.max(...strides.map((stride) => 64 / gcd(64, stride))); // rows whose start is 256-byte aligned
  const step = Math.max(aligned, Math.floor(most / Math.max(...strides) / aligned) * aligned);
  return Array.from({ length: Math.ceil(length / step) }, (_, i) => ({
    from: i * step,
    length: Math.min(step, length - i * step),
  }));
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

/** The binding of rows [from, from + length) of an operand whose rows lie `stride` apart. */
const rows = (b: Binding, s: Stretch, stride: number): Binding => ({
  ...b,
  offset: (b.offset ?? 0) + s.from * stride * 4,
  bytes: s.length * stride * 4,
});

/** Partial sums kept at most: 16 MiB, or what can be bound. */
const mostPartialSums = (device: Device): number => Math.min(2 ** 22, device.limits.maxStorageBufferBindingSize / 4);

/** Parts of at least 512 products, so that their rows of w stay within reach, and at most `most` of them. */
function partsOf(k: number, most: number): { splits: number; k_step: number } {
  const k_step = Math.max(Math.min(k, 512), Math.ceil(k / Math.max(1, Math.floor(most))));
  return { splits: Math.ceil(k / k_step), k_step };
}

/**
 * y [batch, m, n] (contiguous) = x . w. An operand or result larger than one binding (without batch) is walked along its
 * outer dimension.
 */
export function matmulKernel(device: Device, { x, w, y }: MatmulIo, d: MatmulDims, options: MatmulOptions = {}): void {
  const batches = batchesOf(d);
  // The outer dimension of x is m or k, of w is k or n, of y is m.
  const big = (b: Binding): boolean => batches === 1 && b.bytes > device.limits.maxStorageBufferBindingSize;
  const [bigX, bigW, bigY] = [big(x), big(w), big(y)];
  const xOuterM = d.x.m >= d.x.k;
  const wOuterK = d.w.k >= d.w.n;
  const ms = stretches(device, d.m, [...(bigX && xOuterM ? [d.x.m] : []), ...(bigY ? [d.n] : [])]);
  const ks = stretches(device, d.k, [...(bigX && !xOuterM ? [d.x.k] : []), ...(bigW && wOuterK ? [d.w.k] : [])]);
  const ns = stretches(device, d.n, bigW && !wOuterK ? [d.w.n] : []);
  const outputs = batches * d.m * d.n;
  const variant = variantOf(device, d, options.variant);
  const wanted = variant === "split" || (variant === "workgroup" && longSums(d));
  const splitting = wanted && ks.length * outputs <= mostPartialSums(device);
  const kernel: MatmulKernel = variant !== "split" ? variant : device.subgroupMin >= 4 ? "subgroup" : "tile";
  const most = mostPartialSums(device) / outputs / ks.length;
  const parts = ks.map((k) => (splitting ? partsOf(k.length, most) : { splits: 1, k_step: k.length }));
  const all = splitting ? parts.reduce((sum, p) => sum + p.splits, 0) : 1;
  const run = (into: Binding): void => {
    for (const m of ms)
      for (const n of ns) {
        let part = 0;
        for (const [i, k] of ks.entries()) {
          const io = {
            x: bigX ? rows(x, xOuterM ? m : k, xOuterM ? d.x.m : d.x.k) : x,
            w: bigW ? rows(w, wOuterK ? k : n, wOuterK ? d.w.k : d.w.n) : w,
            y: bigY && !splitting ? rows(into, m, d.n) : into,
          };
          const launch = {
            ...{ m: m.length, n: n.length, k: k.length, ...parts[i], y_part: outputs },
            ...{ x_m: d.x.m, x_k: d.x.k, w_k: d.w.k, w_n: d.w.n, y_m: d.n, y_n: 1 },
            x_offset: bigX ? (xOuterM ? k.from * d.x.k : m.from * d.x.m) : m.from * d.x.m + k.from * d.x.k,
            w_offset: bigW ? (wOuterK ? n.from * d.w.n : k.from * d.w.k) : k.from * d.w.k + n.from * d.w.n,
            y_offset: (bigY && !splitting ? 0 : m.from * d.n) + n.from + part * outputs,
            batch_rank: d.batch.length,
            batch_shape: eight(d.batch, 1),
            batch_x: eight(d.x.batch),
            batch_w: eight(d.w.batch),
            batch_y: eight(stridesFor(d.batch, d.m * d.n)),
          };
          launchMatmul(device, kernel, { io, d: launch, batches }, !splitting && k.from > 0);
          if (splitting) part += parts[i].splits;
        }
      }
  };
  if (all === 1) run(y);
  else
    withFloats(device, all * outputs, "matmul's partial sums", (some) => {
      run(some);
      reduceAxis(device, "sum", { x: some, y }, { outer: 1, length: all, inner: outputs });
    });
}

const stridesFor = (shape: readonly number[], inner: number): number[] => {
  const out = new Array<number>(shape.length);
  let s = inner;
  for (let i = shape.length - 1; i >= 0; i--) {
    out[i] = s;
    s *= shape[i];
  }
  return out;
};
