import type { Binding, Device, Facts } from "../../device/index.ts";
import { type ChannelEnd, endOf } from "../common/channel-end.ts";
import { linearGrid } from "../common/grid.ts";
import { addPieces } from "../common/pieces.ts";
import { withFloats } from "../common/scratch.ts";
import { product } from "../matmul/product.ts";
import { conv2dWinogradInput } from "../wgsl/conv2d-winograd-input.ts";
import { conv2dWinogradOutput } from "../wgsl/conv2d-winograd-output.ts";
import { conv2dWinogradOutputGrad } from "../wgsl/conv2d-winograd-output-grad.ts";
import { conv2dWinogradWeight } from "../wgsl/conv2d-winograd-weight.ts";
import { conv2dWinogradWeightGrad } from "../wgsl/conv2d-winograd-weight-grad.ts";
import type { ConvPass, ConvVariant, ForwardIo, WeightGradIo } from "./conv-variant.ts";
import type { Conv2dDims } from "./conv2d-dims.ts";
import type { Gather } from "./conv2d-gather.ts";
import { byGathers, channelsOf } from "./conv2d-gathered.ts";

const frequencies = 36;

/**
 * Floats of scratch memory: for what a round holds of both sides' spectra, and for those of all weights. On software adapters more
 * did not help; a GPU is kept busy by more, as long as its cache holds some of it.
 */
const scratchOf = (facts: Facts) =>
  facts.software ? { spectra: 2 ** 22, weights: 2 ** 24 } : { spectra: 2 ** 24, weights: 2 ** 25 };

/** Tiles of n planes, and how many to take at a time for so many channels on both sides. */
function tilesOf(facts: Facts, n: number, outH: number, outW: number, channels: number) {
  const tilesX = Math.ceil(outW / 4);
  const tilesY = Math.ceil(outH / 4);
  const tiles = n * tilesY * tilesX;
  const rounds = Math.max(
    1,
    Math.ceil(tiles / Math.max(64, Math.floor(scratchOf(facts).spectra / (frequencies * channels)))),
  );
  return { tilesX, tilesY, tiles, rounds, most: Math.ceil(tiles / rounds) };
}

/** Sums of a weight gradient that there is scratch memory for. */
const piecesThatFit = (facts: Facts, d: Conv2dDims): number =>
  Math.floor(scratchOf(facts).weights / ((frequencies * d.o * d.c) / d.groups));

/** Whether Winograd's way works: a 3x3 kernel that takes every place once, and spectra that fit. */
const spectraFit = (facts: Facts, pass: ConvPass, d: Conv2dDims): boolean =>
  d.kh === 3 &&
  d.kw === 3 &&
  d.strideH === 1 &&
  d.strideW === 1 &&
  d.dilationH === 1 &&
  d.dilationW === 1 &&
  piecesThatFit(facts, d) >= (pass === "weightGrad" ? tilesOf(facts, d.n, d.outH, d.outW, d.c + d.o).rounds : 1);

/**
 * Whether it is a tenth faster than the sums themselves, from times on lavapipe and SwiftShader, in units of a load or store a
 * channel and tile: it loads and stores much, so that it pays where both sides have many channels.
 * @param sum what a multiply-add of the rival costs.
 */
function pays(d: Conv2dDims, inner: number, outer: number, sum: number): boolean {
  const tiles = d.n * Math.ceil(d.outH / 4) * Math.ceil(d.outW / 4);
  const products = inner * outer;
  const transforms = tiles * (72 * inner + 52 * outer) + 45 * products;
  const winograd = transforms + 0.83 * products * Math.ceil(tiles / 32) * 32;
  return winograd < 0.9 * sum * 9 * d.n * d.outH * d.outW * products;
}

/**
 * How far apart the spectra of two channels lie, for so many tiles: an odd number of cache lines, as channels a power of two
 * apart would share one place of a cache.
 */
const rowOf = (tiles: number): number => 16 * (Math.ceil(tiles / 16) | 1);

/** Records a convolution in its gathered form (forward or input gradient). */
function runGather(device: Device, { x, w, bias, y }: ForwardIo, gather: Gather, end: ChannelEnd = {}): void {
  const { n, groups, inC, outC, outH, outW, wFirst, wGroup, wOut, wIn, wP, wQ } = gather;
  const inGroup = inC / groups;
  const outGroup = outC / groups;
  const { tilesX, tilesY, tiles, most } = tilesOf(device.facts, n, outH, outW, inC + outC);
  const row = rowOf(most);
  const common = { tilesX, tilesY, top: gather.originY, left: gather.originX, hasBias: bias ? 1 : 0, row };
  withFloats(device, frequencies * outC * inGroup, "conv2d's spectra of the weights", (u) => {
    const { bound, overrides, exprs } = endOf(end, u);
    const places = { wFirst, wGroup, wOut, wIn, wP, wQ };
    device.dispatch(
      { shader: conv2dWinogradWeight },
      { weight: w, u },
      { outChannels: outC, outGroup, inGroup, ...places },
      linearGrid(outC * inGroup),
    );
    withFloats(device, frequencies * inC * row, "conv2d's spectra of the input", (v) =>
      withFloats(device, frequencies * outC * row, "conv2d's spectra of the output", (m) => {
        for (let first = 0; first < tiles; first += most) {
          const count = Math.min(most, tiles - first);
          device.dispatch(
            { shader: conv2dWinogradInput },
            { x, v },
            { ...common, first, count, channels: inC, height: gather.inH, width: gather.inW },
            linearGrid(inC * count),
          );
          product(
            device,
            { x: v, w: u, y: m },
            {
              batch: 1,
              groups: frequencies * groups,
              rows: outGroup,
              columns: count,
              inner: inGroup,
              pieces: 1,
              xFirst: 0,
              xBatch: 0,
              xGroup: inGroup * row,
              xStep: row,
              xColumn: 1,
              wFirst: 0,
              wBatch: 0,
              wGroup: outGroup * inGroup,
              wRow: inGroup,
              wStep: 1,
              yFirst: 0,
              yBatch: 0,
              yGroup: outGroup * row,
              yRow: row,
            },
          );
          device.dispatch(
            { shader: conv2dWinogradOutput, overrides, exprs },
            { m, bias: bias ?? u, y, ...bound },
            { ...common, first, count, channels: outC, height: outH, width: outW },
            linearGrid(outC * count),
          );
        }
      }),
    );
  });
}

/** Tiles whose products are summed in one go: short sums round less, and many pieces keep a device busy. */
const longest = 128;

/** Records the gradient of the weights. */
function runWeightGrad(device: Device, { x, g, weightGrad }: WeightGradIo, d: Conv2dDims): void {
  const cg = d.c / d.groups;
  const og = d.o / d.groups;
  const { tilesX, tilesY, tiles, rounds, most } = tilesOf(device.facts, d.n, d.outH, d.outW, d.c + d.o);
  const kernels = d.o * cg;
  const row = rowOf(most);
  const split = Math.min(Math.ceil(most / longest), Math.floor(piecesThatFit(device.facts, d) / rounds));
  const stride = frequencies * kernels;
  const pieces = split * rounds;
  const transform = (q: Binding, into: Binding): void =>
    device.dispatch(
      { shader: conv2dWinogradWeightGrad },
      { q, weightGrad: into },
      { kernels, pieces },
      linearGrid(kernels * pieces),
    );
  withFloats(device, stride * pieces, "conv2d's spectra of the weights' gradient", (q) => {
    withFloats(device, frequencies * d.c * row, "conv2d's spectra of the input", (v) =>
      withFloats(device, frequencies * d.o * row, "conv2d's spectra of the output's gradient", (h) => {
        for (let round = 0; round < rounds; round++) {
          const first = round * most;
          const count = Math.min(most, tiles - first);
          const common = { tilesX, tilesY, first, count, row, hasBias: 0 };
          device.dispatch(
            { shader: conv2dWinogradInput },
            { x, v },
            { ...common, channels: d.c, height: d.h, width: d.w, top: -d.padTop, left: -d.padLeft },
            linearGrid(d.c * count),
          );
          device.dispatch(
            { shader: conv2dWinogradOutputGrad },
            { g, v: h },
            { ...common, channels: d.o, height: d.outH, width: d.outW, top: 0, left: 0 },
            linearGrid(d.o * count),
          );
          product(
            device,
            { x: v, w: h, y: q },
            {
              batch: 1,
              groups: frequencies * d.groups,
              rows: og,
              columns: cg,
              inner: count,
              pieces: split,
              xFirst: 0,
              xBatch: 0,
              xGroup: cg * row,
              xStep: 1,
              xColumn: row,
              wFirst: 0,
              wBatch: 0,
              wGroup: og * row,
              wRow: row,
              wStep: 1,
              yFirst: round * split * stride,
              yBatch: stride,
              yGroup: og * cg,
              yRow: cg,
            },
          );
        }
      }),
    );
    const sums = { pieces, count: 9 * kernels, into: weightGrad, what: "conv2d's partial weight gradients" };
    addPieces(device, sums, (parts) => transform(q, parts));
  });
}

/** What a multiply-add of the rival "subgroup" costs, in the units of `pays`. */
const onLavapipe: Readonly<Record<ConvPass, number>> = { forward: 0.041, inputGrad: 0.041, weightGrad: 0.055 };
const onSwiftShader: Readonly<Record<ConvPass, number>> = { forward: 0.072, inputGrad: 0.072, weightGrad: 0.14 };

/**
 * Its time in parts of "workgroup"'s on a GPU, an output: an estimate from an NVIDIA H100. The transforms move 22 bytes a channel
 * at 2 TB/s, the products run at 35 TFLOP/s (37 measured), and "workgroup" at 27, where 23 were measured, in doubt for it.
 */
const onGpu = (inner: number, outer: number): number =>
  (0.011 * (inner + outer) + 1.29e-4 * inner * outer) / (6.67e-4 * inner * outer);

/**
 * 3x3 kernels of stride 1 by their spectra, in tiles of 4 x 4 outputs, all of which a NaN or an infinity among their inputs makes
 * NaN; for subgroups of 4 or more.
 */
export const winograd = {
  name: "winograd",
  fits: (d, facts, pass) => facts.subgroupMin >= 4 && spectraFit(facts, pass, d),

  cost(d, facts, pass) {
    const { inner, outer } = channelsOf(d, pass);
    if (!facts.software) return inner % 4 === 0 && outer % 4 === 0 ? 0.2 * onGpu(inner, outer) : 3;
    return pays(d, inner, outer, (facts.smallKernels ? onSwiftShader : onLavapipe)[pass]) ? 0.1 : 2;
  },

  ...byGathers(runGather),
  weightGrad: runWeightGrad,
} as const satisfies ConvVariant<Conv2dDims>;
