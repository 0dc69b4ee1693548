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
