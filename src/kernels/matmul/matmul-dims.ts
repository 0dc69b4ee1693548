import { eight } from "../common/grid.ts";

/** Sizes, and the strides (elements) of each operand along its two matrix dimensions and the batch dimensions. */
export interface MatmulDims {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly x: { readonly m: number; readonly k: number; readonly batch: readonly number[] };
  readonly w: { readonly k: number; readonly n: number; readonly batch: readonly number[] };
  readonly batch: readonly number[];
  /** Whether both operands and the result hold float16. */
  readonly half?: boolean;
}

export const batchesOf = (d: MatmulDims): number => d.batch.reduce((a, b) => a * b, 1);

/** Outputs that keep any adapter busy without cutting sums. */
const enough = 16384;

/** Whether the sums are so long, and the outputs so few, that cutting them pays. */
export const longSums = (dims: MatmulDims): boolean =>
  dims.k >= 1024 && dims.m * dims.n * batchesOf(dims) < enough * Math.min(8, dims.k / 1024);

/** One dispatch: sizes, strides and places as wgsl/lib/matmul.wgsl has them. */
export interface MatmulLaunch {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly xM: number;
  readonly xK: number;
  readonly wK: number;
  readonly wN: number;
  readonly yM: number;
  readonly yN: number;
  readonly xOffset: number;
  readonly wOffset: number;
  readonly yOffset: number;
  readonly batchRank: number;
  readonly batchShape: readonly number[];
  readonly batchX: readonly number[];
  readonly batchW: readonly number[];
  readonly batchY: readonly number[];
  readonly splits: number;
  readonly kStep: number;
  readonly yPart: number;
}

/** The whole product in one dispatch, into a contiguous result. */
export const wholeLaunch = (d: MatmulDims): MatmulLaunch => ({
  m: d.m,
  n: d.n,
  k: d.k,
  xM: d.x.m,
  xK: d.x.k,
  wK: d.w.k,
  wN: d.w.n,
  yM: d.n,
  yN: 1,
  xOffset: 0,
  wOffset: 0,
  yOffset: 0,
  splits: 1,
  kStep: d.k,
  yPart: batchesOf(d) * d.m * d.n,
  batchRank: d.batch.length,
  batchShape: eight(d.batch, 1),
  batchX: eight(d.x.batch),
  batchW: eight(d.w.batch),
  batchY: eight(stridesFor(d.batch, d.m * d.n)),
});

const stridesFor = (shape: readonly number[], inner: number): number[] => {
  const out = new Array<number>(shape.length);
  let s = inner;
  for (let i = shape.length - 1; i >= 0; i--) {
    out[i] = s;
    s *= shape[i];
  }
  return out;
};
