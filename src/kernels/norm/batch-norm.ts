import type { Binding, Device } from "../../device/index.ts";
import { grid, gridDown, most } from "../common/grid.ts";
import { withFloats } from "../common/scratch.ts";
import { batchNorm } from "../wgsl/batch-norm.ts";
import { batchNormInputGrad } from "../wgsl/batch-norm-input-grad.ts";
import { batchNormJoin } from "../wgsl/batch-norm-join.ts";
import { batchNormMerge } from "../wgsl/batch-norm-merge.ts";
import { batchNormStats } from "../wgsl/batch-norm-stats.ts";
import { batchNormSums } from "../wgsl/batch-norm-sums.ts";

/** x [n, c, s], all dimensions behind the channel's in one. */
export interface BatchNormDims {
  readonly n: number;
  readonly c: number;
  readonly s: number;
}

const workgroup = 64;

/** How the entries of each channel are cut for the sums, as wgsl/lib/channel_walk.wgsl walks them: at most 256 an invocation. */
const cut = (device: Device, { n, c, s }: BatchNormDims) => {
  const LANES = device.facts.software ? 8 : workgroup;
  const enough = device.facts.software ? LANES * 16 : workgroup * 512;
  const each = Math.max(4, Math.min(256, Math.floor((n * c * s) / enough)));
  const COLUMNS = s < LANES ? 1 : 0;
  const [across, down] = COLUMNS
    ? [Math.ceil(n / each), Math.ceil((c * s) / LANES)]
    : [Math.ceil((n * s) / (LANES * each)), c];
  const parts = across * (COLUMNS ? s : LANES);
  return { overrides: { LANES, COLUMNS }, params: { n, c, s, each, parts }, groups: gridDown(across, down) };
};

/** How the entries are spread where each is read and written once, as wgsl/lib/channel_spread.wgsl has it. */
const spread = (device: Device, { n, c, s }: BatchNormDims) => {
  const lanes = device.facts.software ? 8 : workgroup; // see wgsl/lib/walk.wgsl
  // Columns lie along one side of the grid, which cannot be folded; more of them than it holds are spread by planes.
  const COLUMNS = device.facts.software && s < workgroup && Math.ceil((c * s) / lanes) <= most ? 1 : 0;
  const WX = COLUMNS ? lanes : Math.min(lanes, 2 ** Math.ceil(Math.log2(s)));
  const WY = lanes / WX;
  const each = Math.max(1, Math.min(device.facts.software ? 256 : 16, COLUMNS ? n : Math.ceil(s / WX)));
  const across = COLUMNS ? Math.ceil((c * s) / WX) : Math.ceil(s / (WX * each));
  const down = COLUMNS ? Math.ceil(n / each) : Math.ceil((n * c) / WY);
  return { overrides: { WX, WY, COLUMNS }, params: { n, c, s, each }, groups: gridDown(across, down) };
};

const fours = { sum: "(a.x + a.y) + (a.z + a.w)", first: "a.x" };

/** Whether planes are taken four numbers at a time: what the sizes count then, and what the kernels are told. */
function widely(dims: BatchNormDims) {
  const wide = dims.s % 4 === 0;
  const dtype: "vec4f" | "f32" = wide ? "vec4f" : "f32";
  return { dims: wide ? { ...dims, s: dims.s / 4 } : dims, dtype, wide };
}

const withParts = (device: Device, count: number, each: number, use: (parts: Binding) => void): void =>
  withFloats(device, count * each, "batchNorm's partial sums", use);

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
  const { mean, invstd, runningMean, runningVar } = io;
  const { dims: sizes, dtype, wide } = widely(dims);
  const { overrides, params, groups } = cut(device, sizes);
  const stats = {
    shader: batchNormStats,
    overrides: { ...overrides, WIDE: wide ? 4 : 1 },
    dtype,
    exprs: wide ? fours : {},
  };
  withParts(device, dims.c * params.parts, 4, (parts) => {
    device.dispatch(stats, { x: io.x, parts }, params, groups);
    device.dispatch(
      { shader: batchNormMerge, overrides: { UPDATE: momentum === 0 ? 0 : 1 } },
      { parts, mean, invstd, runningMean, runningVar },
      { c: dims.c, parts: params.parts, eps, momentum },
      grid(dims.c),
    );
  });
}

/** y = (x - mean) * invstd * weight + bias, by channel. */
export function normalize(
  device: Device,
  io: { x: Binding; mean: Binding; invstd: Binding; weight: Binding; bias: Binding; y: Binding },
  dims: BatchNormDims,
): void {
  const { dims: sizes, dtype } = widely(dims);
  const { overrides, params, groups } = spread(device, sizes);
  device.dispatch({ shader: batchNorm, overrides, dtype }, io, params, groups);
}

/** weightGrad [c] = sum of g * (x - mean) * invstd, biasGrad [c] = sum of g. */
export function normSums(
  device: Device,
  io: { x: Binding; g: Binding; mean: Binding; invstd: Binding; weightGrad: Binding; biasGrad: Binding },
  dims: BatchNormDims,
): void {
  const { x, g, mean, invstd, weightGrad, biasGrad } = io;
  const { dims: sizes, dtype, wide } = widely(dims);
  const { overrides, params, groups } = cut(device, sizes);
  const sums = { shader: batchNormSums, overrides, dtype, exprs: wide ? { sum: fours.sum } : {} };
  withParts(device, dims.c * params.parts, 2, (parts) => {
    device.dispatch(sums, { x, g, mean, parts }, params, groups);
    const joined = { parts, invstd, weightGrad, biasGrad };
    device.dispatch({ shader: batchNormJoin }, joined, { c: dims.c, parts: params.parts }, grid(dims.c));
  });
}

/** inputGrad where mean and invstd are those of x itself. */
export function normInputGrad(
  device: Device,
  io: {
    x: Binding;
    g: Binding;
    mean: Binding;
    invstd: Binding;
    weight: Binding;
    weightGrad: Binding;
    biasGrad: Binding;
    inputGrad: Binding;
  },
  dims: BatchNormDims,
): void {
  const { dims: sizes, dtype } = widely(dims);
  const { overrides, params, groups } = spread(device, sizes);
  device.dispatch(
    { shader: batchNormInputGrad, overrides, dtype },
    io,
    { ...params, inverseLength: 1 / (dims.n * dims.s) },
    groups,
  );
}
