/** Windows along an axis. */

/** Number of window places along one axis. */
export const windowCount = (
  size: number,
  before: number,
  after: number,
  kernel: number,
  stride: number,
  dilation: number,
): number => Math.floor((size + before + after - dilation * (kernel - 1) - 1) / stride) + 1;
