import { type Binding, type Device, elementBytes, type Trial } from "../../device/index.ts";
import { most as gridSide } from "../common/grid.ts";
import { addPieces } from "../common/pieces.ts";
import { withFloats } from "../common/scratch.ts";
import { decide, magnitude } from "../common/variants.ts";
import { mapOne, part as partOf } from "../elementwise/map.ts";
import { batchesOf, type MatmulDims, wholeLaunch } from "./matmul-dims.ts";
import type { MatmulIo, MatmulVariant } from "./matmul-variant.ts";
import { type MatmulVariantName, matmulVariants } from "./matmul-variants.ts";

export type { MatmulDims } from "./matmul-dims.ts";

export interface MatmulOptions {
  /** Insists on one variant; by default the tuner's choice, else the cheapest. ConfigError when it cannot run here. */
  readonly variant?: MatmulVariantName;
}

const classOf = (d: MatmulDims): string => {
  const sides = `${d.x.k <= d.x.m ? "" : "t"}x.${d.w.n <= d.w.k ? "" : "t"}w`;
  return `${magnitude(d.m)}x${magnitude(d.k)}x${magnitude(d.n)} ${sides} batch ${magnitude(batchesOf(d))}${d.half ? " f16" : ""}`;
};

/** Elements from an operand's first to its last. */
const extent = (
  m: number,
  n: number,
  strides: readonly [number, number],
  d: MatmulDims,
  batch: readonly number[],
): number =>
  1 +
  (m - 1) * strides[0] +
  (n - 1) * strides[1] +
  d.batch.reduce((sum, size, i) => sum + (size - 1) * (batch[i] ?? 0), 0);

const trialOf = (device: Device, d: MatmulDims): Trial => ({
  inputs: [extent(d.m, d.k, [d.x.m, d.x.k], d, d.x.batch), extent(d.k, d.n, [d.w.k, d.w.n], d, d.w.batch)],
  output: batchesOf(d) * d.m * d.n,
  terms: d.k,
  half: d.half,
  reference: "tile",
  run: (variant, [x, w], y) => matmulKernel(device, { x, w, y }, d, { variant: variant as MatmulVariantName }),
});

const variantOf = (device: Device, dims: MatmulDims, wanted: MatmulVariantName | undefined): MatmulVariant =>
  decide<MatmulDims, "product", MatmulVariant>(device, {
    family: "matmul",
    variants: matmulVariants,
    pass: "product",
    dims,
    wanted,
    shapeClass: classOf,
    trial: () => trialOf(device, dims),
  });

/** A stretch of one matrix dimension, for an operand that is larger than one binding. */
interface Stretch {
  readonly from: number;
  readonly length: number;
}

/** Rows or columns of one dispatch at most: as many groups as a side of a grid may have. Divides by what tiles are made of. */
const longest = 2 ** 16 - 256;

/**
 * Cuts a dimension so that a stretch of each operand, with these bytes from row to row, fits one binding, 256-byte aligned, and its
 * groups fit a grid.
 */
function stretches(device: Device, length: number, strides: readonly number[], longest: number): Stretch[] {
  if (strides.length === 0) return cutIn(length, longest);
  const most = device.limits.maxStorageBufferBindingSize;
  const aligned = Math.max(...strides.map((bytes) => 256 / gcd(256, bytes))); // rows whose start is 256-byte aligned
  const fit = Math.floor(most / Math.max(...strides) / aligned) * aligned;
  return cutIn(length, Math.max(aligned, Math.min(fit, Math.max(aligned, Math.floor(longest / aligned) * aligned))));
}

const cutIn = (length: number, step: number): Stretch[] =>
  length <= step
    ? [{ from: 0, length }]
    : Array.from({ length: Math.ceil(length / step) }, (_, i) => ({
        from: i * step,
        length: Math.min(step, length - i * step),
      }));

/** Some of the batches: their sizes, and where they begin in each operand. */
interface Batches {
  readonly shape: readonly number[];
  readonly count: number;
  readonly x: number;
  readonly w: number;
  readonly y: number;
}

/** Cuts the batches so that at most `most` are one dispatch, along the outer dimensions of the batch. */
function batchesIn(d: MatmulDims, most: number): Batches[] {
  const whole = { shape: d.batch, count: batchesOf(d), x: 0, w: 0, y: 0 };
  if (whole.count <= most) return [whole];
  const [size, ...rest] = d.batch;
  const inner = {
    ...d,
    batch: rest,
    x: { ...d.x, batch: d.x.batch.slice(1) },
    w: { ...d.w, batch: d.w.batch.slice(1) },
  };
  const each = batchesOf(inner);
  const step = Math.max(1, Math.floor(most / each));
  return cutIn(size, step).flatMap(({ from, length }) => {
    const parts = each > most ? batchesIn(inner, most) : [{ ...whole, shape: [length, ...rest], count: length * each }];
    return parts.map((p) => ({
      ...p,
      ...{ x: p.x + from * d.x.batch[0], w: p.w + from * d.w.batch[0], y: p.y + from * each * d.m * d.n },
    }));
  });
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

/** The binding of rows [from, from + length) of an operand whose rows lie `stride` apart. */
const rows = (b: Binding, s: Stretch, stride: number): Binding => partOf(b, s.from * stride, s.length * stride);

/** Partial sums kept at most: 16 MiB, or what can be bound. */
const mostPartialSums = (device: Device): number => Math.min(2 ** 22, device.limits.maxStorageBufferBindingSize / 4);

/** Parts of at least 512 products, so that their rows of w stay within reach, and at most `most` of them. */
function partsOf(k: number, most: number): { splits: number; kStep: number } {
  const kStep = Math.max(Math.min(k, 512), Math.ceil(k / Math.max(1, Math.floor(most))));
  return { splits: Math.ceil(k / kStep), kStep };
}

/** The product over batches of this shape, the inner dimensions of the whole's. */
const launchedAs = (d: MatmulDims, shape: readonly number[]): MatmulDims => {
  const of = (strides: readonly number[]): readonly number[] => strides.slice(strides.length - shape.length);
  return { ...d, batch: shape, x: { ...d.x, batch: of(d.x.batch) }, w: { ...d.w, batch: of(d.w.batch) } };
};

/**
 * y [batch, m, n] (contiguous) = x . w. An operand or result larger than one binding (without batch) is walked along its
 * outer dimension; more rows, columns or batches than a grid has groups are walked as well.
 */
export function matmulKernel(
  device: Device,
  { x, w, y }: MatmulIo,
  dims: MatmulDims,
  options: MatmulOptions = {},
): void {
  const half = dims.half ?? (x.half === true && w.half === true && y.half === true);
  // Written out: spreads cost V8 microseconds.
  const d: MatmulDims = { m: dims.m, n: dims.n, k: dims.k, x: dims.x, w: dims.w, batch: dims.batch, half };
  const batches = batchesOf(d);
  // The outer dimension of x is m or k, of w is k or n, of y is m.
  const big = (b: Binding): boolean => batches === 1 && b.bytes > device.limits.maxStorageBufferBindingSize;
  const [bigX, bigW, bigY] = [big(x), big(w), big(y)];
  const xOuterM = d.x.m >= d.x.k;
  const wOuterK = d.w.k >= d.w.n;
  const along = (wanted: boolean, b: Binding, stride: number): number[] => (wanted ? [stride * elementBytes(b)] : []);
  const ms = stretches(device, d.m, [...along(bigX && xOuterM, x, d.x.m), ...along(bigY, y, d.n)], longest);
  const ks = stretches(
    device,
    d.k,
    [...along(bigX && !xOuterM, x, d.x.k), ...along(bigW && wOuterK, w, d.w.k)],
    Number.POSITIVE_INFINITY,
  );
  const ns = stretches(device, d.n, along(bigW && !wOuterK, w, d.w.n), longest);
  const outputs = batches * d.m * d.n;
  const variant = variantOf(device, d, options.variant);
  const splitting = variant.splits(d) && ks.length * outputs <= mostPartialSums(device);
  const most = mostPartialSums(device) / outputs / ks.length;
  const parts = ks.map((k) => (splitting ? partsOf(k.length, most) : { splits: 1, kStep: k.length }));
  const all = splitting ? parts.reduce((sum, p) => sum + p.splits, 0) : 1;
  const whole = wholeLaunch(d);
  const pieces = Math.max(...parts.map((p) => p.splits));
  const batched = batchesIn(d, Math.max(1, Math.floor(gridSide / pieces)));
  const run = (into: Binding): void => {
    for (const b of batched) runBatches(b, into);
  };
  const runBatches = (b: Batches, into: Binding): void => {
    const { batchRank, batchShape, batchX, batchW, batchY } =
      b.shape === d.batch ? whole : wholeLaunch(launchedAs(d, b.shape));
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
            ...whole,
            ...{ m: m.length, n: n.length, k: k.length, ...parts[i] },
            ...{ batchRank, batchShape, batchX, batchW, batchY },
            xOffset: b.x + (bigX ? (xOuterM ? k.from * d.x.k : m.from * d.x.m) : m.from * d.x.m + k.from * d.x.k),
            wOffset: b.w + (bigW ? (wOuterK ? n.from * d.w.n : k.from * d.w.k) : k.from * d.w.k + n.from * d.w.n),
            yOffset: b.y + (bigY && !splitting ? 0 : m.from * d.n) + n.from + part * outputs,
          };
          variant.launch(device, { io, d: launch, batches: b.count }, !splitting && k.from > 0);
          if (splitting) part += parts[i].splits;
        }
      }
  };
  if (all === 1 && y.half && ks.length > 1)
    // The sums of the stretches are added up in float32 and rounded once.
    withFloats(device, outputs, "matmul's sums", (sums) => {
      run(sums);
      mapOne(device, "a", { a: sums, y }, outputs);
    });
  else addPieces(device, { pieces: all, count: outputs, into: y, what: "matmul's partial sums" }, run);
}
