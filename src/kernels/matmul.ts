import { type Binding, type Device, elementBytes } from "../device/index.ts";
import { eight } from "./grid.ts";
import { mapOne, part } from "./map.ts";
import { withFloats } from "./softmax.ts";
import { matmul } from "./wgsl/matmul.ts";

/** Sizes, and the strides (elements) of each operand along its two matrix dimensions and the batch dimensions. */
export interface MatmulDims {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly x: { readonly m: number; readonly k: number; readonly batch: readonly number[] };
  readonly w: { readonly k: number; readonly n: number; readonly batch: readonly number[] };
  readonly batch: readonly number[];
}

const lanes = 16;

/** A stretch of one matrix dimension, for an operand that is larger than one binding. */
interface Stretch {
  readonly from: number;
  readonly length: number;
}

/** Cuts a dimension with the given stride so that each stretch of the operand fits one binding, 256-byte aligned. */
function stretches(device: Device, length: number, stride: number, b: Binding): Stretch[] {
  const most = device.limits.maxStorageBufferBindingSize;
  if (b.bytes <= most) return [{ from: 0, length }];
  const each = elementBytes(b);
  const aligned = 256 / each / gcd(256 / each, stride); // rows whose start is 256-byte aligned
  const step = Math.max(aligned, Math.floor(most / each / stride / aligned) * aligned);
  return Array.from({ length: Math.ceil(length / step) }, (_, i) => ({
    from: i * step,
    length: Math.min(step, length - i * step),
  }));
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

/** The binding of rows [from, from + length) of an operand whose rows lie `stride` apart. */
const rows = (b: Binding, s: Stretch, stride: number, whole: boolean): Binding =>
  whole ? b : part(b, s.from * stride, s.length * stride);

/**
 * y [batch, m, n] (contiguous) = x . w. An operand or result larger than one binding (without batch) is walked along its
 * outer dimension.
 */
export function matmulKernel(device: Device, { x, w, y }: { x: Binding; w: Binding; y: Binding }, d: MatmulDims): void {
  const batches = d.batch.reduce((a, b) => a * b, 1);
  const one = batches === 1;
  const cut = (b: Binding, length: number, stride: number) =>
    one ? stretches(device, length, stride, b) : [{ from: 0, length }];
  // The outer dimension of x is m or k, of w is k or n, of y is m; stretches of a shared dimension must agree.
  const xOuterM = d.x.m >= d.x.k;
  const wOuterK = d.w.k >= d.w.n;
  const bigX = x.bytes > device.limits.maxStorageBufferBindingSize;
  const bigW = w.bytes > device.limits.maxStorageBufferBindingSize;
  const ms = bigX && xOuterM ? cut(x, d.m, d.x.m) : cut(y, d.m, d.n);
  const ks = bigX && !xOuterM ? cut(x, d.k, d.x.k) : bigW && wOuterK ? cut(w, d.k, d.w.k) : [{ from: 0, length: d.k }];
  const ns = bigW && !wOuterK ? cut(w, d.n, d.w.n) : [{ from: 0, length: d.n }];
  if (y.half && ks.length > 1) {
    // The sums of the stretches are added up in float32 and rounded once.
    const count = batches * d.m * d.n;
    withFloats(device, count, "matmul's sums", (sums) => {
      matmulKernel(device, { x, w, y: sums }, d);
      mapOne(device, "a", { a: sums, y }, count);
    });
    return;
  }
  const batchStride = stridesFor(d.batch, d.m * d.n);
  for (const m of ms)
    for (const n of ns)
      for (const k of ks) {
        const xs = bigX ? rows(x, xOuterM ? m : k, xOuterM ? d.x.m : d.x.k, false) : x;
        const ws = bigW ? rows(w, wOuterK ? k : n, wOuterK ? d.w.k : d.w.n, false) : w;
        const yBig = ms.length > 1 && y.bytes > device.limits.maxStorageBufferBindingSize;
        const ys = yBig ? rows(y, m, d.n, false) : y;
        const tile = { TM: m.length >= 4 ? 4 : 1, TN: 2 };
        device.dispatch(
          { shader: matmul, overrides: { LANES: lanes }, tiles: tile },
          { x: xs, w: ws, y: ys },
          {
            m: m.length,
            n: n.length,
            k: k.length,
            accumulate: k.from > 0 ? 1 : 0,
            x_m: d.x.m,
            x_k: d.x.k,
            w_k: d.w.k,
            w_n: d.w.n,
            y_m: d.n,
            y_n: 1,
            x_offset: bigX ? (xOuterM ? k.from * d.x.k : m.from * d.x.m) : m.from * d.x.m + k.from * d.x.k,
            w_offset: bigW ? (wOuterK ? n.from * d.w.n : k.from * d.w.k) : k.from * d.w.k + n.from * d.w.n,
            y_offset: (yBig ? 0 : m.from * d.n) + n.from,
            batch_rank: d.batch.length,
            batch_shape: eight(d.batch, 1),
            batch_x: eight(d.x.batch),
            batch_w: eight(d.w.batch),
            batch_y: eight(batchStride),
          },
          [Math.ceil(n.length / (lanes * tile.TN)), Math.ceil(m.length / tile.TM), batches],
        );
      }
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
