import { type OpRecord, type Shape, sizeOf } from "../tensor/index.ts";

/** Weights that one entry of the result, or of x for a transposed convolution, meets: all behind the first dimension of w. */
const taps = (w: Shape): number => sizeOf(w.slice(1));

const counts: Readonly<Record<string, (record: OpRecord) => number>> = {
  conv1d: ({ inputs: [, w], output }) => sizeOf(output) * taps(w),
  conv2d: ({ inputs: [, w], output }) => sizeOf(output) * taps(w),
  conv3d: ({ inputs: [, w], output }) => sizeOf(output) * taps(w),
  convTranspose2d: ({ inputs: [x, w] }) => sizeOf(x) * taps(w),
  matmul: ({ inputs: [x], output, attrs }) =>
    sizeOf(output) * x.at((attrs as { transpose_a?: boolean }).transpose_a ? -2 : -1)!,
};

/**
 * Multiplications, each with its addition, of a convolution or a product of matrices, places on the padding included; 0 for
 * other ops, whose work is small beside theirs. @internal
 */
export const multiplyAddsOf = (record: OpRecord): number => counts[record.op]?.(record) ?? 0;
