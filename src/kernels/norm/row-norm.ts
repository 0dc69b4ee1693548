import type { Binding, Device } from "../../device/index.ts";
import { gridDown, linearGrid } from "../common/grid.ts";
import { groupPerMap } from "../common/maps.ts";
import { withFloats } from "../common/scratch.ts";
import { reduceAxis } from "../reduce/reduce.ts";
import { instanceNormRunning } from "../wgsl/instance-norm-running.ts";
import { rowNorm } from "../wgsl/row-norm.ts";
import { rowNormColumns } from "../wgsl/row-norm-columns.ts";
import { rowNormInputGrad } from "../wgsl/row-norm-input-grad.ts";
import { rowNormJoinChannels } from "../wgsl/row-norm-join-channels.ts";
import { rowNormJoinRows } from "../wgsl/row-norm-join-rows.ts";
import { rowNormMerge } from "../wgsl/row-norm-merge.ts";
import { rowNormStats } from "../wgsl/row-norm-stats.ts";
import { rowNormSums } from "../wgsl/row-norm-sums.ts";

/**
 * x [outer, groups, per, inner]: each [per, inner] is normalized by itself, and [groups, per] count the channels, each with its
 * weight and bias. Group norm as it is; instance norm with per = 1; layer norm with groups = inner = 1.
 */
export interface RowNormDims {
  readonly outer: number;
  readonly groups: number;
  readonly per: number;
  readonly inner: number;
}

const workgroup = 64;
/** Lanes of a workgroup: on software adapters one subgroup, see wgsl/lib/walk.wgsl. */
const lanesOf = (device: Device): number => (device.facts.software ? 8 : workgroup);
const powerAbove = (n: number): number => 2 ** Math.ceil(Math.log2(n));

/** Workgroups for rows of which WY lie beside each other: along y, then z. */
const down = (across: number, rows: number, WY: number): [number, number, number] =>
  gridDown(across, Math.ceil(rows / WY));

/** How `rows` of `length` are cut for sums: WX lanes a row, up to 256 entries a lane, and more workgroups for long rows. */
const cut = (device: Device, rows: number, length: number) => {
  const enough = device.facts.software ? 128 : 65536;
  const most = Math.max(8, Math.min(256, Math.floor((rows * length) / enough)));
  const lanes = Math.ceil(length / most);
  const all = lanesOf(device);
  const WX = Math.min(all, powerAbove(lanes));
  const chunks = Math.ceil(lanes / WX);
  const WY = all / WX;
  const each = Math.ceil(length / (WX * chunks));
  return { overrides: { WX, WY }, each, chunks: Math.ceil(length / (WX * each)), groups: down(chunks, rows, WY) };
};

/** x as planes of entries that share a channel; where inner is 1 as whole rows, whose entries each have their own. */
const planesOf = ({ outer, groups, per, inner }: RowNormDims) =>
  inner === 1
    ? { element: true, planes: outer * groups, s: per, rowPlanes: 1, channels: groups }
    : { element: false, planes: outer * groups * per, s: inner, rowPlanes: per, channels: groups * per };

/** How the entries are spread where each is read and written once. */
const spread = (device: Device, dims: RowNormDims) => {
  const { element, ...params } = planesOf(dims);
  const all = lanesOf(device);
  const WX = Math.min(all, powerAbove(params.s));
  const WY = all / WX;
  const each = Math.max(1, Math.min(device.facts.software ? 256 : 16, Math.ceil(params.s / WX)));
  const groups = down(Math.ceil(params.s / (WX * each)), params.planes, WY);
  return { overrides: { WX, WY, ELEMENT: element ? 1 : 0 }, params: { ...params, each }, groups };
};

/** stats [rows, 4] of the rows of x: (mean - first entry, 1 / sqrt(variance + eps), sum of squared deviations, 0). */
export function rowStatistics(
  device: Device,
  { x, stats }: { x: Binding; stats: Binding },
  { outer, groups: g, per, inner }: RowNormDims,
  eps: number,
): void {
  const [rows, length] = [outer * g, per * inner];
  const { overrides, each, chunks, groups } = cut(device, rows, length);
  const measure = (to: Binding, FINAL: number) =>
    device.dispatch(
      { shader: rowNormStats, overrides: { ...overrides, FINAL } },
      { x, stats: to },
      { rows, length, each, chunks, eps },
      groups,
    );
  if (chunks === 1) measure(stats, 1);
  else
    withFloats(device, rows * chunks * 4, "partial statistics", (parts) => {
      measure(parts, 0);
      device.dispatch({ shader: rowNormMerge }, { parts, stats }, { rows, chunks, eps }, groupPerMap(rows));
    });
}

/** y = (x - mean) / sqrt(variance + eps) * weight + bias. */
export function rowNormalize(
  device: Device,
  { x, stats, weight, bias, y }: { x: Binding; stats: Binding; weight?: Binding; bias?: Binding; y: Binding },
  dims: RowNormDims,
): void {
  const { overrides, params, groups } = spread(device, dims);
  device.dispatch(
    { shader: rowNorm, overrides: { ...overrides, WEIGHT: weight ? 1 : 0, BIAS: bias ? 1 : 0 } },
    { x, stats, weight: weight ?? x, bias: bias ?? x, y },
    params,
    groups,
  );
}

export interface RowNormGradIo {
  readonly x: Binding;
  readonly g: Binding;
  readonly stats: Binding;
  readonly weight?: Binding;
  /** Left out where no gradient is wanted. */
  readonly inputGrad?: Binding;
  readonly weightGrad?: Binding;
  readonly biasGrad?: Binding;
}

/** The gradients of weight and bias where every entry of a row has its own. */
function columnSums(
  device: Device,
  io: RowNormGradIo,
  weightGrad: Binding,
  biasGrad: Binding,
  dims: RowNormDims,
): void {
  const { outer, groups, per } = dims;
  const columns = groups * per;
  const chunks = Math.ceil(outer / Math.max(16, Math.min(256, Math.floor((outer * columns) / 65536))));
  const { x, g, stats } = io;
  const run = (w: Binding, b: Binding) =>
    device.dispatch(
      { shader: rowNormColumns },
      { x, g, stats, weightGrad: w, biasGrad: b },
      { outer, groups, per, chunks },
      down(Math.ceil(columns / 256), chunks, 1),
    );
  if (chunks === 1) {
    run(weightGrad, biasGrad);
    return;
  }
  withFloats(device, chunks * columns, "partial weight gradients", (w) =>
    withFloats(device, chunks * columns, "partial bias gradients", (b) => {
      run(w, b);
      const all = { outer: 1, length: chunks, inner: columns };
      if (io.weightGrad) reduceAxis(device, "sum", { x: w, y: weightGrad }, all);
      if (io.biasGrad) reduceAxis(device, "sum", { x: b, y: biasGrad }, all);
    }),
  );
}

/** inputGrad, weightGrad and biasGrad, those that are given. */
export function rowNormGrads(device: Device, io: RowNormGradIo, dims: RowNormDims): void {
  const { x, g, stats, weight, inputGrad, weightGrad, biasGrad } = io;
  const { outer, groups, per, inner } = dims;
  const rows = outer * groups;
  const { element, ...params } = planesOf(dims);
  const flags = { ELEMENT: element ? 1 : 0, WEIGHT: weight ? 1 : 0 };
  const w = weight ?? x;
  const channels = groups * per;
  // The kernels write both gradients of the channels; one that is not wanted goes to scratch memory.
  const withBoth = (use: (weightGrad: Binding, biasGrad: Binding) => void): void => {
    if (weightGrad && biasGrad) use(weightGrad, biasGrad);
    else if (weightGrad || biasGrad)
      withFloats(device, channels, "an unwanted gradient", (none) => use(weightGrad ?? none, biasGrad ?? none));
  };
  if (element) withBoth((weightGrad, biasGrad) => columnSums(device, io, weightGrad, biasGrad, dims));
  if (element && !inputGrad) return;
  const sums = cut(device, params.planes, params.s);
  const { chunks, each } = sums;
  withFloats(device, params.planes * chunks * 2, "partial sums", (parts) => {
    device.dispatch(
      { shader: rowNormSums, overrides: { ...sums.overrides, ...flags } },
      { x, g, stats, weight: w, parts },
      { ...params, each, chunks },
      sums.groups,
    );
    if (!element)
      withBoth((weightGrad, biasGrad) =>
        device.dispatch(
          { shader: rowNormJoinChannels },
          { parts, weightGrad: weightGrad, biasGrad: biasGrad },
          { outer, channels, chunks },
          groupPerMap(channels),
        ),
      );
    if (!inputGrad) return;
    const finish = (sums: Binding): void => {
      const { overrides, params, groups } = spread(device, dims);
      const inverseLength = 1 / (per * inner);
      device.dispatch(
        { shader: rowNormInputGrad, overrides: { ...overrides, WEIGHT: flags.WEIGHT } },
        { x, g, stats, rows: sums, weight: w, inputGrad },
        { ...params, inverseLength },
        groups,
      );
    };
    const WEIGHT = element ? 0 : flags.WEIGHT;
    if (params.rowPlanes * chunks === 1 && WEIGHT === 0) {
      finish(parts);
      return;
    }
    withFloats(device, rows * 2, "sums of rows", (joined) => {
      const WX = Math.min(workgroup, powerAbove(Math.ceil((params.rowPlanes * chunks) / 8)));
      const WY = workgroup / WX;
      device.dispatch(
        { shader: rowNormJoinRows, overrides: { WX, WY, WEIGHT } },
        { parts, weight: w, rows: joined },
        { rows, rowPlanes: params.rowPlanes, chunks, channels },
        down(1, rows, WY),
      );
      finish(joined);
    });
  });
}

/** Moves runningMean and runningVar [c] towards the mean of the images' means and unbiased variances. */
export function moveInstanceStatistics(
  device: Device,
  io: { x: Binding; stats: Binding; runningMean: Binding; runningVar: Binding },
  { outer, groups, inner }: RowNormDims,
  momentum: number,
): void {
  const { x, stats, runningMean, runningVar } = io;
  device.dispatch(
    { shader: instanceNormRunning },
    { x, stats, runningMean, runningVar },
    { n: outer, c: groups, length: inner, momentum },
    linearGrid(groups),
  );
}
