/**
 * Sizes of a 2-D convolution of x [n, c, h, w] with weights [o, c / groups, kh, kw] into y [n, o, outH, outW].
 * Bottom and right padding show only in outH and outW. Padding may exceed the kernel.
 */
export interface Conv2dDims {
  readonly n: number;
  readonly c: number;
  readonly h: number;
  readonly w: number;
  readonly o: number;
  readonly kh: number;
  readonly kw: number;
  readonly strideH: number;
  readonly strideW: number;
  readonly padTop: number;
  readonly padLeft: number;
  readonly dilationH: number;
  readonly dilationW: number;
  readonly groups: number;
  readonly outH: number;
  readonly outW: number;
}

/** Workgroups for `count` workgroups in all, as a grid no side of which passes 65535. */
export function grid(count: number): [number, number, number] {
  const y = Math.ceil(count / 65535);
  return [Math.ceil(count / Math.max(1, y)), y, 1];
}

/**
 * Pieces that the sums of a weight gradient should be cut into at least: about 256 products each, since float32 loses digits in long
 * sums of one sign, as long as the partial sums take no more than 16 MiB.
 */
export const piecesOfSums = (products: number, weights: number): number =>
  Math.max(1, Math.min(Math.ceil(products / 256), Math.floor(2 ** 22 / Math.max(1, weights))));

/** So many pieces of `length`, or fewer: what a grid holds, and none of them empty. */
export const evenPieces = (length: number, pieces: number): number =>
  Math.ceil(length / Math.ceil(length / Math.max(1, Math.min(length, pieces, 65535))));
