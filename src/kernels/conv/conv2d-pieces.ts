/**
 * Pieces that the sums of a weight gradient should be cut into at least: about 256 products each, since float32 loses digits in long
 * sums of one sign, as long as the partial sums take no more than 16 MiB.
 */
export const piecesOfSums = (products: number, weights: number): number =>
  Math.max(1, Math.min(Math.ceil(products / 256), Math.floor(2 ** 22 / Math.max(1, weights))));

/** So many pieces of `length`, or fewer: what a grid holds, and none of them empty. */
export const evenPieces = (length: number, pieces: number): number =>
  Math.ceil(length / Math.ceil(length / Math.max(1, Math.min(length, pieces, 65535))));
