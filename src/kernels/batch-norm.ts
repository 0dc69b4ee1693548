import type { Binding, Device } from "../device/index.ts";
import { batchNorm } from "./wgsl/batch-norm.ts";
import { batchNormDx } from "./wgsl/batch-norm-dx.ts";
import { batchNormJoin } from "./wgsl/batch-norm-join.ts";
import { batchNormMerge } from "./wgsl/batch-norm-merge.ts";
import { batchNormStats } from "./wgsl/batch-norm-stats.ts";
import { batchNormSums } from "./wgsl/batch-norm-sums.ts";

/** x [n, c, s], all dimensions behind the channel's in one. */
export interface BatchNormDims {
  readonly n: number;
  readonly c: number;
  readonly s: number;
}

const workgroup = 64;

/** How the entries of each channel are cut for the sums: at most 256 an invocation, fewer where that leaves too few workgroups. */
const cut = ({ n, c, s }: BatchNormDims) => {
  const length = n * s;
  const each = Math.max(4, Math.min(256, Math.floor((length * c) / (workgroup * 256))));
  return { c, s, length, each, chunks: Math.ceil(length / (workgroup * each)) };
};

/** How the entries are cut where each is read and written once. */
const spread = ({ n, c, s }: BatchNormDims) => {
  const WX = Math.min(workgroup, 2 ** Math.ceil(Math.log2(s)));
  const WY = workgroup / WX;
  const each = Math.max(1, Math.min(16, Math.ceil(s / WX)));
  const down = Math.ceil((n * c) / WY);
  const y = Math.min(down, 32768);
  const groups: [number, number, number] = [Math.ceil(s / (WX * each)), y, Math.ceil(down / y)];
  return { overrides: { WX, WY }, params: { planes: n * c, c, s, each }, groups };
};

function withParts(device: Device, { c, chunks }: { c: number; chunks: number }, use: (parts: Binding) => void): void {
  const bytes = c * chunks * workgroup * 8;
  const buffer = device.pool.acquire(bytes, "batch_norm's partial sums");
  try {
    use({ buffer, bytes });
  } finally {
    device.pool.release(buffer);
  }
}

/**
 * mean and invstd [c] of x over n and s. A momentum other than 0 moves runningMean and runningVar [c] towards the batch's
 * mean and unbiased variance.
 */
export function batchStatistics(
  device: Device,
  io: { x: Binding; mean: Binding; invstd: Binding; runningMean: Binding; runningVar: Binding },
  dims: BatchNormDims,
  { eps, momentum }: { eps: number; momentum: number },
): void {
  const sizes = cut(dims);
  const { mean, invstd, runningMean: running_mean, runningVar: running_var } = io;
  withParts(device, sizes, (parts) => {
    device.dispatch({ shader: batchNormStats }, { x: io.x, parts }, sizes, [sizes.chunks, dims.c, 1]);
    device.dispatch(
      { shader: batchNormMerge, overrides: { UPDATE: momentum === 0 ? 0 : 1 } },
      { parts, mean, invstd, running_mean, running_var },
      { length: sizes.length, each: sizes.each, chunks: sizes.chunks, eps, momentum },
      [dims.c, 1, 1],
    );
  });
}

/** y = (x - mean) * invstd * weight + bias, by channel. */
export function normalise(
  device: Device,
  io: { x: Binding; mean: Binding; invstd: Binding; weight: Binding; bias: Binding; y: Binding },
  dims: BatchNormDims,
): void {
  const { overrides, params, groups } = spread(dims);
  device.dispatch({ shader: batchNorm, overrides }, io, params, groups);
}

/** dweight [c] = sum of g * (x - mean) * invstd, dbias [c] = sum of g. */
export function normSums(
  device: Device,
  io: { x: Binding; g: Binding; mean: Binding; invstd: Binding; dweight: Binding; dbias: Binding },
  dims: BatchNormDims,
): void {
  const sizes = cut(dims);
  const { x, g, mean, invstd, dweight, dbias } = io;
  withParts(device, sizes, (parts) => {
    device.dispatch({ shader: batchNormSums }, { x, g, mean, parts }, sizes, [sizes.chunks, dims.c, 1]);
    device.dispatch({ shader: batchNormJoin }, { parts, invstd, dweight, dbias }, { chunks: sizes.chunks }, [
      dims.c,
      1,
      1,
    ]);
  });
}

/** dx where mean and invstd are those of x itself. */
export function normInputGrad(
  device: Device,
  io: {
    x: Binding;
    g: Binding;
    mean: Binding;
    invstd: Binding;
    weight: Binding;
    dweight: Binding;
    dbias: Binding;
    dx: Binding;
  },
  dims: BatchNormDims,
): void {
  const { overrides, params, groups } = spread(dims);
  device.dispatch({ shader: batchNormDx, overrides }, io, { ...params, inverse_length: 1 / (dims.n * dims.s) }, groups);
}
