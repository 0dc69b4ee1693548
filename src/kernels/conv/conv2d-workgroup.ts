import type { Device } from "../../device/index.ts";
import { type ChannelEnd, endOf } from "../common/channel-end.ts";
import { grid } from "../common/grid.ts";
import { addPieces, evenPieces, piecesOfSums } from "../common/pieces.ts";
import { conv2dWorkgroup } from "../wgsl/conv2d-workgroup.ts";
import { conv2dWorkgroupWeightGrad } from "../wgsl/conv2d-workgroup-weight-grad.ts";
import type { ConvVariant, ForwardIo, WeightGradIo } from "./conv-variant.ts";
import type { Conv2dDims } from "./conv2d-dims.ts";
import type { Gather } from "./conv2d-gather.ts";
import { byGathers, channelsOf, fewGathers } from "./conv2d-gathered.ts";

/** Workgroups that keep a large GPU busy. */
const busy = 512;

/** Rows and columns of an invocation at most; software takes ten seconds to compile 8 x 8. */
const largestTile = (device: Device): number => (device.facts.software ? 4 : 8);

/**
 * Rows and columns that each of 8 x 8 invocations makes: up to `largest`, fewer where the matrix is small, and where only smaller
 * tiles make enough workgroups.
 */
function tilesOf(rows: number, columns: number, copies: number, largest: number): { TM: number; TN: number } {
  const share = (length: number): number => (length > 32 ? largest : length > 16 ? 4 : length > 8 ? 2 : 1);
  let [TM, TN] = [share(rows), share(columns)];
  const workgroups = () => copies * Math.ceil(rows / (8 * TM)) * Math.ceil(columns / (8 * TN));
  while (workgroups() < busy && TM * TN > 16) {
    if (TN >= TM) TN /= 2;
    else TM /= 2;
  }
  return { TM, TN };
}

/** Terms that go through workgroup memory at a time. */
const KB = 8;

/** How a forward pass is laid out; by default as suits the device, with 8 x 8 invocations. */
export interface WorkgroupLayout {
  readonly largest?: number;
  /** Invocations a workgroup: with 128 each makes half as many outputs. */
  readonly invocations?: 64 | 128;
}

/** Records a convolution in its gathered form (forward or input gradient). */
export function workgroupGather(
  device: Device,
  { x, w, bias, y }: ForwardIo,
  gather: Gather,
  end: ChannelEnd = {},
  { largest = largestTile(device), invocations = 64 }: WorkgroupLayout = {},
): void {
  const { n, groups, ...sizes } = gather;
  const items = n * gather.countY * gather.countX;
  const outGroup = gather.outC / groups;
  const of64 = tilesOf(outGroup, items, groups, largest);
  const LC = invocations / 8;
  // Each load takes LC channels.
  const TM = Math.max(LC / KB, of64.TM);
  const TN = Math.max(1, (8 * of64.TN) / LC);
  const tiles = { LC, TM, TN, LOADS_W: (TM * KB) / LC, LOADS_X: (TN * KB) / 8 };
  const { bound, overrides, exprs } = endOf(end, w);
  device.dispatch(
    { shader: conv2dWorkgroup, overrides, tiles, exprs },
    { x, weight: w, bias: bias ?? w, y, ...bound },
    { ...sizes, items, tilesX: 0, spacing: 1, hasBias: bias ? 1 : 0, inGroup: gather.inC / groups, outGroup },
    grid(Math.ceil(items / (LC * TN)), groups * Math.ceil(outGroup / (8 * TM))),
  );
}

/** Records the gradient of the weights. */
export function workgroupWeightGrad(
  device: Device,
  { x, g, weightGrad }: WeightGradIo,
  dims: Conv2dDims,
  largest = largestTile(device),
): void {
  const columns = (dims.c / dims.groups) * dims.kh * dims.kw;
  const rows = dims.o / dims.groups;
  const outputs = dims.n * dims.outH * dims.outW;
  // The sums can be cut instead of the tiles.
  const tiles = tilesOf(rows, columns, dims.groups * Math.ceil(outputs / 64), largest);
  const across = Math.ceil(columns / (8 * tiles.TN));
  const deep = dims.groups * Math.ceil(rows / (8 * tiles.TM));
  const weights = dims.o * columns;
  const most = Math.min(Math.ceil(outputs / 64), Math.floor(2 ** 24 / weights));
  const wanted = Math.max(Math.ceil(busy / (across * deep)), piecesOfSums(outputs, weights));
  const split = evenPieces(outputs, Math.min(most, wanted));
  const sums = { pieces: split, count: weights, into: weightGrad, what: "conv2d's partial weight gradients" };
  addPieces(device, sums, (parts) =>
    device.dispatch(
      { shader: conv2dWorkgroupWeightGrad, tiles },
      { x, g, weightGrad: parts },
      { ...dims, split, spacing: 1 },
      [across, split, deep],
    ),
  );
}

/** A product of matrices through workgroup memory, as GPUs want it. */
export const workgroup = {
  name: "workgroup",
  fits: (dims, _, pass) => fewGathers(dims, pass),

  cost(dims, facts, pass) {
    if (facts.software) return 3;
    const { inner, outer } = channelsOf(dims, pass);
    // Few channels leave most of a workgroup's tile empty.
    return outer >= 8 && inner * dims.kh * dims.kw >= 8 ? 0.2 : 2;
  },

  ...byGathers(workgroupGather),
  weightGrad: workgroupWeightGrad,
} as const satisfies ConvVariant<Conv2dDims>;

/** The same with twice the invocations a workgroup, for GPUs that want more at a time; a gradient of weights has 64. */
export const workgroup128 = {
  ...workgroup,
  name: "workgroup128",
  fits: (dims, facts, pass) => pass !== "weightGrad" && workgroup.fits(dims, facts, pass),
  cost: () => 3, // for a measurement to bring up
  ...byGathers((device, io, gather, end) => workgroupGather(device, io, gather, end, { invocations: 128 })),
} as const satisfies ConvVariant<Conv2dDims>;
