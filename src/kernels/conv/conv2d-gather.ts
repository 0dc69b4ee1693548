import type { Facts } from "../../device/index.ts";
import type { Conv2dDims } from "./conv2d-dims.ts";

/** A convolution as wgsl/lib/conv2d_gather.wgsl describes it: forward and input gradient in one form. */
export interface Gather {
  readonly n: number;
  readonly groups: number;
  readonly inC: number;
  readonly inH: number;
  readonly inW: number;
  readonly outC: number;
  readonly outH: number;
  readonly outW: number;
  /** Outputs it makes, where the first lies and how far apart they are. */
  readonly countY: number;
  readonly countX: number;
  readonly firstY: number;
  readonly firstX: number;
  readonly everyY: number;
  readonly everyX: number;
  /** How far the input moves with an output, and with a tap. */
  readonly strideY: number;
  readonly strideX: number;
  readonly stepY: number;
  readonly stepX: number;
  readonly kp: number;
  readonly kq: number;
  readonly originY: number;
  readonly originX: number;
  /** Where the first weight lies, and how far apart they lie along groups, output and input channels, and taps. */
  readonly wFirst: number;
  readonly wGroup: number;
  readonly wOut: number;
  readonly wIn: number;
  readonly wP: number;
  readonly wQ: number;
}

export function forwardGather(d: Conv2dDims): Gather {
  const taps = d.kh * d.kw;
  const wOut = (d.c / d.groups) * taps;
  const input = { n: d.n, groups: d.groups, inC: d.c, inH: d.h, inW: d.w };
  const output = { outC: d.o, outH: d.outH, outW: d.outW, countY: d.outH, countX: d.outW };
  const moves = { strideY: d.strideH, strideX: d.strideW, stepY: d.dilationH, stepX: d.dilationW };
  const weights = { wFirst: 0, wGroup: (d.o / d.groups) * wOut, wOut, wIn: taps, wP: d.kw, wQ: 1 };
  const kernel = { kp: d.kh, kq: d.kw, originY: -d.padTop, originX: -d.padLeft };
  return { ...input, ...output, firstY: 0, firstX: 0, everyY: 1, everyX: 1, ...moves, ...kernel, ...weights };
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

/** One axis of the input gradient at the inputs first, first + stride, ...: all of them meet the same taps. */
interface Residue {
  first: number;
  count: number;
  taps: number;
  /** First tap and how far apart the taps lie, in the order of rising output positions: downwards. */
  tap: number;
  tapStep: number;
  origin: number;
  step: number;
}

function residues(size: number, kernel: number, stride: number, pad: number, dilation: number): Residue[] {
  const common = gcd(stride, dilation);
  const period = stride / common;
  const step = dilation / common;
  return Array.from({ length: Math.min(stride, size) }, (_, first) => {
    const count = Math.ceil((size - first) / stride);
    let tap = 0;
    while (tap < period && (first + pad - tap * dilation) % stride !== 0) tap++;
    const taps = tap < Math.min(period, kernel) ? Math.ceil((kernel - tap) / period) : 0;
    const last = tap + (taps - 1) * period;
    // Output row of the first input and the last tap; without taps nothing is read.
    const origin = taps === 0 ? 0 : (first + pad - last * dilation) / stride;
    return { first, count, taps, tap: taps === 0 ? 0 : last, tapStep: -period, origin, step };
  });
}

/** How many convolutions an input gradient falls into: one for each residue of the input's position by the stride. */
export const inputGradPieces = (d: Conv2dDims): number => Math.min(d.strideH, d.h) * Math.min(d.strideW, d.w);

/**
 * The input gradient as convolutions of g with the turned kernel, one for each residue of the input's position by the
 * stride, so that no zero is ever inserted.
 */
export function inputGradGathers(d: Conv2dDims): Gather[] {
  const taps = d.kh * d.kw;
  const cg = d.c / d.groups;
  const common = { n: d.n, groups: d.groups, inC: d.o, inH: d.outH, inW: d.outW, outC: d.c, outH: d.h, outW: d.w };
  const weights = { wGroup: (d.o / d.groups) * cg * taps, wOut: taps, wIn: cg * taps };
  const columns = residues(d.w, d.kw, d.strideW, d.padLeft, d.dilationW);
  return residues(d.h, d.kh, d.strideH, d.padTop, d.dilationH).flatMap((r) =>
    columns.map((c) => ({
      ...common,
      ...{ countY: r.count, countX: c.count, firstY: r.first, firstX: c.first, everyY: d.strideH, everyX: d.strideW },
      ...{ strideY: 1, strideX: 1, stepY: r.step, stepX: c.step, originY: r.origin, originX: c.origin },
      // An input that meets no tap along one axis has no gradient: its sum is empty.
      ...(r.taps === 0 || c.taps === 0 ? { kp: 0, kq: 0 } : { kp: r.taps, kq: c.taps }),
      ...{ ...weights, wFirst: r.tap * d.kw + c.tap, wP: r.tapStep * d.kw, wQ: c.tapStep },
    })),
  );
}

/** Which outputs a lane takes together, and how many inputs they meet. */
export interface Sharing {
  /** Taps of a row taken together; divides the kernel's width. */
  readonly QW: number;
  /** Outputs a lane takes together lie this far apart. */
  readonly spacing: number;
  /** Inputs from one output to the next; QW when they share none. */
  readonly KQ: number;
  readonly COLS: number;
}

/**
 * @param kernel taps of a row, @param count outputs of a row, @param most inputs that a lane may hold at a time: SwiftShader's compiler
 * does not come to an end over 28.
 */
export function sharingOf(kernel: number, count: number, stride: number, step: number, most = 28): Sharing {
  const apart = step / gcd(stride, step);
  const spacing = count >= 4 * apart ? apart : 1;
  const inputs = (stride * spacing) / step;
  const of = (QW: number): Sharing => {
    const KQ = Number.isInteger(inputs) && inputs < QW ? inputs : QW;
    return { QW, spacing, KQ, COLS: 3 * KQ + QW };
  };
  const widths = [7, 5, 3, 2].filter((n) => kernel > 0 && kernel % n === 0);
  return widths.map(of).find((s) => s.COLS <= most) ?? of(1);
}

/** Inputs that a lane may hold at a time on an adapter. */
export const mostColumns = (facts: Facts): number => (facts.smallKernels ? 12 : 28);

/**
 * Blocks of `lanes` channels a lane takes together: the count that costs least, with a load as dear as twenty multiply-adds
 * (measured on lavapipe) and at most 72 sums' worth of text, which bounds the time to compile.
 * @param loads loads for that many blocks, @param channels channels of a group.
 */
export function blocksOf(channels: number, lanes: number, QW: number, loads: (blocks: number) => number): number {
  const cost = (blocks: number) =>
    Math.ceil(channels / (lanes * blocks)) * (20 * loads(blocks) + 4 * lanes * QW * blocks);
  return [1, 2, 3, 4]
    .filter((b) => b === 1 || b * QW * lanes <= 72)
    .reduce((best, b) => (cost(b) < cost(best) ? b : best));
}
