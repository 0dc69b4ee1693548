import type { Binding, Device } from "../../device/index.ts";
import type { ChannelEnd } from "../common/channel-end.ts";
import { addPieces } from "../common/pieces.ts";
import { product } from "../matmul/product.ts";
import type { ConvVariant, ForwardIo, WeightGradIo } from "./conv-variant.ts";
import type { Conv2dDims } from "./conv2d-dims.ts";
import type { Gather } from "./conv2d-gather.ts";
import { byGathers, channelsOf } from "./conv2d-gathered.ts";

/** Whether each place of the result has one place of the input, the same: then the convolution is a product of matrices. */
const onePlace = (d: Conv2dDims): boolean =>
  d.kh === 1 &&
  d.kw === 1 &&
  d.strideH === 1 &&
  d.strideW === 1 &&
  d.padTop === 0 &&
  d.padLeft === 0 &&
  d.outH === d.h &&
  d.outW === d.w;

/** Records such a convolution in its gathered form (forward or input gradient). */
function runGather(
  device: Device,
  io: ForwardIo,
  { n, groups, inC, outC, inH, inW, wFirst, wGroup, wOut, wIn }: Gather,
  end?: ChannelEnd,
): void {
  const area = inH * inW;
  const inner = inC / groups;
  const rows = outC / groups;
  product(
    device,
    io,
    {
      batch: n,
      groups,
      rows,
      columns: area,
      inner,
      pieces: 1,
      xFirst: 0,
      xBatch: inC * area,
      xGroup: inner * area,
      xStep: area,
      xColumn: 1,
      wFirst,
      wBatch: 0,
      wGroup,
      wRow: wOut,
      wStep: wIn,
      yFirst: 0,
      yBatch: outC * area,
      yGroup: rows * area,
      yRow: area,
    },
    end,
  );
}

/** Places whose products are summed in one go: short sums round less, and many pieces keep a device busy. */
const longest = 512;

/** Pieces of the sums over an image's places. */
const piecesOf = (d: Conv2dDims): number => Math.ceil((d.h * d.w) / longest);

/** Whether the partial gradients of the weights, one an image and piece, stay below 64 MiB. */
const piecesFit = (d: Conv2dDims): boolean => onePlace(d) && ((d.o * d.c) / d.groups) * d.n * piecesOf(d) <= 2 ** 24;

/** Records the gradient of the weights. */
function runWeightGrad(device: Device, { x, g, weightGrad }: WeightGradIo, d: Conv2dDims): void {
  const area = d.h * d.w;
  const columns = d.c / d.groups;
  const rows = d.o / d.groups;
  const weights = d.o * columns;
  const pieces = piecesOf(d);
  const run = (into: Binding): void =>
    product(
      device,
      { x, w: g, y: into },
      {
        batch: d.n,
        groups: d.groups,
        rows,
        columns,
        inner: area,
        pieces,
        xFirst: 0,
        xBatch: d.c * area,
        xGroup: columns * area,
        xStep: 1,
        xColumn: area,
        wFirst: 0,
        wBatch: d.o * area,
        wGroup: rows * area,
        wRow: area,
        wStep: 1,
        yFirst: 0,
        yBatch: weights,
        yGroup: rows * columns,
        yRow: columns,
      },
    );
  const sums = { pieces: d.n * pieces, count: weights, into: weightGrad, what: "conv2d's partial weight gradients" };
  addPieces(device, sums, run);
}

/** 1x1 kernels of stride 1 without padding, as products of matrices; for subgroups of 4 or more. */
export const pointwise = {
  name: "pointwise",
  fits: (d, facts, pass) => facts.subgroupMin >= 4 && (pass === "weightGrad" ? piecesFit(d) : onePlace(d)),

  cost(d, facts, pass) {
    if (facts.software) return channelsOf(d, pass).outer >= 3 ? 0.2 : 3;
    // By fours it is a product through workgroup memory, as GPUs want it.
    return [d.h * d.w, d.c / d.groups, d.o / d.groups].every((n) => n % 4 === 0) ? 0.15 : 3;
  },

  ...byGathers(runGather),
  weightGrad: runWeightGrad,
} as const satisfies ConvVariant<Conv2dDims>;
