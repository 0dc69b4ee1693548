import { eight } from "../common/grid.ts";

/** Sizes, and the strides (elements) of each operand along its two matrix dimensions and the batch dimensions. */
export interface MatmulDims {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly x: { readonly m: number; readonly k: number; readonly batch: readonly number[] };
  readonly w: { readonly k: number; readonly n: number; readonly batch: readonly number[] };
  readonly batch: readonly number[];
}

export const batchesOf = (d: MatmulDims): number => d.batch.reduce((a, b) => a * b, 1);

/** One dispatch: sizes, strides and places as wgsl/lib/matmul.wgsl has them. */
export interface MatmulLaunch {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly x_m: number;
  readonly x_k: number;
  readonly w_k: number;
  readonly w_n: number;
  readonly y_m: number;
  readonly y_n: number;
  readonly x_offset: number;
  readonly w_offset: number;
  readonly y_offset: number;
  readonly batch_rank: number;
  readonly batch_shape: readonly number[];
  readonly batch_x: readonly number[];
  readonly batch_w: readonly number[];
  readonly batch_y: readonly number[];
  readonly splits: number;
  readonly k_step: number;
  readonly y_part: number;
}

/** The whole product in one dispatch, into a contiguous result. */
export const wholeLaunch = (d: MatmulDims): MatmulLaunch => ({
  m: d.m,
  n: d.n,
  k: d.k,
  x_m: d.x.m,
  x_k: d.x.k,
  w_k: d.w.k,
  w_n: d.w.n,
  y_m: d.n,
  y_n: 1,
  x_offset: 0,
  w_offset: 0,
  y_offset: 0,
  splits: 1,
  k_step: d.k,
  y_part: batchesOf(d) * d.m * d.n,
  batch_rank: d.batch.length,
  batch_shape: eight(d.batch, 1),
  batch_x: eight(d.x.batch),
  batch_w: eight(d.w.batch),
  batch_y: eight(stridesFor(d.batch, d.m * d.n)),
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
