import type { Binding, Device } from "../../device/index.ts";
import { withFloats } from "../common/scratch.ts";
import { product } from "../matmul/product.ts";
import { reduceAxis } from "../reduce/reduce.ts";
import type { Conv2dDims } from "./conv2d-dims.ts";
import type { Gather } from "./conv2d-gather.ts";

/** Whether each place of the result has one place of the input, the same: then the convolution is a product of matrices. */
export const pointwiseFits = (d: Conv2dDims): boolean =>
  d.kh === 1 &&
  d.kw === 1 &&
  d.strideH === 1 &&
  d.strideW === 1 &&
  d.padTop === 0 &&
  d.padLeft === 0 &&
  d.outH === d.h &&
  d.outW === d.w;

/** Records such a convolution in its gathered form (forward or input gradient). */
export function pointwiseGather(
  device: Device,
  io: { x: Binding; w: Binding; bias?: Binding; y: Binding },
  { n, groups, inC, outC, inH, inW, wFirst, wGroup, wOut, wIn }: Gather,
  exprs: { act?: string } = {},
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
    exprs,
  );
}

/** Places whose products are summed in one go: short sums round less, and many pieces keep a device busy. */
const longest = 512;

/** Pieces of the sums over an image's places. */
const piecesOf = (d: Conv2dDims): number => Math.ceil((d.h * d.w) / longest);

/** Whether the partial gradients of the weights, one an image and piece, stay below 64 MiB. */
export const pointwiseWeightGradFits = (d: Conv2dDims): boolean =>
  pointwiseFits(d) && ((d.o * d.c) / d.groups) * d.n * piecesOf(d) <= 2 ** 24;

/** Records the gradient of the weights. */
export function pointwiseWeightGrad(
  device: Device,
  { x, g, weightGrad }: { x: Binding; g: Binding; weightGrad: Binding },
  d: Conv2dDims,
): void {
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
  if (d.n * pieces === 1) run(weightGrad);
  else
    withFloats(device, weights * d.n * pieces, "conv2d's partial weight gradients", (parts) => {
      run(parts);
      reduceAxis(device, "sum", { x: parts, y: weightGrad }, { outer: 1, length: d.n * pieces, inner: weights });
    });
}
