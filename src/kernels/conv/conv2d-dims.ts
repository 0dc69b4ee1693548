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
