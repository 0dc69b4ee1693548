/**
 * Sizes of a 3-D convolution of x [n, c, d, h, w] with weights [o, c / groups, kd, kh, kw] into y [n, o, outD, outH, outW].
 * Padding behind, below and to the right shows only in outD, outH and outW.
 */
export interface Conv3dDims {
  readonly n: number;
  readonly c: number;
  readonly d: number;
  readonly h: number;
  readonly w: number;
  readonly o: number;
  readonly kd: number;
  readonly kh: number;
  readonly kw: number;
  readonly strideD: number;
  readonly strideH: number;
  readonly strideW: number;
  readonly padFront: number;
  readonly padTop: number;
  readonly padLeft: number;
  readonly dilationD: number;
  readonly dilationH: number;
  readonly dilationW: number;
  readonly groups: number;
  readonly outD: number;
  readonly outH: number;
  readonly outW: number;
}
