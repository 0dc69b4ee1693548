import type { Conv2dDims } from "../../src/kernels/conv/conv2d.ts";

/** Shorthand: sizes, then [top, bottom, left, right] and the pairs [h, w]. */
export interface Case {
  x: [n: number, c: number, h: number, w: number];
  o: number;
  k: [number, number];
  stride?: [number, number];
  pad?: [number, number, number, number];
  dilation?: [number, number];
  groups?: number;
}

export function dimsOf({
  x: [n, c, h, w],
  o,
  k: [kh, kw],
  stride = [1, 1],
  pad = [0, 0, 0, 0],
  dilation = [1, 1],
  groups = 1,
}: Case): Conv2dDims {
  const out = (size: number, before: number, after: number, kernel: number, s: number, d: number) =>
    Math.floor((size + before + after - d * (kernel - 1) - 1) / s) + 1;
  return {
    n,
    c,
    h,
    w,
    o,
    kh,
    kw,
    groups,
    strideH: stride[0],
    strideW: stride[1],
    padTop: pad[0],
    padLeft: pad[2],
    dilationH: dilation[0],
    dilationW: dilation[1],
    outH: out(h, pad[0], pad[1], kh, stride[0], dilation[0]),
    outW: out(w, pad[2], pad[3], kw, stride[1], dilation[1]),
  };
}

/** Calls `visit` for every multiply-add of the convolution, with flat indices into x, the weights and y. */
export function eachProduct(d: Conv2dDims, visit: (x: number, w: number, y: number) => void): void {
  const cg = d.c / d.groups;
  const og = d.o / d.groups;
  for (let n = 0; n < d.n; n++)
    for (let o = 0; o < d.o; o++)
      for (let oy = 0; oy < d.outH; oy++)
        for (let ox = 0; ox < d.outW; ox++)
          for (let c = 0; c < cg; c++)
            for (let p = 0; p < d.kh; p++)
              for (let q = 0; q < d.kw; q++) {
                const iy = oy * d.strideH - d.padTop + p * d.dilationH;
                const ix = ox * d.strideW - d.padLeft + q * d.dilationW;
                if (iy < 0 || iy >= d.h || ix < 0 || ix >= d.w) continue;
                const channel = Math.floor(o / og) * cg + c;
                visit(
                  ((n * d.c + channel) * d.h + iy) * d.w + ix,
                  ((o * cg + c) * d.kh + p) * d.kw + q,
                  ((n * d.o + o) * d.outH + oy) * d.outW + ox,
                );
              }
}

export const cases: Record<string, Case> = {
  "one by one": { x: [1, 1, 1, 1], o: 1, k: [1, 1] },
  "seven wide, dilated, with hardly an output": {
    x: [1, 10, 1, 13],
    o: 4,
    k: [1, 7],
    pad: [0, 0, 3, 3],
    dilation: [1, 3],
    groups: 2,
  },
  "3x3 same": { x: [2, 3, 8, 10], o: 8, k: [3, 3], pad: [1, 1, 1, 1] },
  "3x3 same, sixteen channels": { x: [2, 16, 16, 16], o: 16, k: [3, 3], pad: [1, 1, 1, 1] },
  "3x3 same, 24 to 20 channels, 33 wide": { x: [1, 24, 5, 33], o: 20, k: [3, 3], pad: [1, 1, 1, 1] },
  "tiny planes, many images": { x: [13, 11, 4, 4], o: 9, k: [3, 3], pad: [1, 1, 1, 1] },
  primes: { x: [3, 5, 13, 17], o: 7, k: [3, 3], pad: [1, 1, 1, 1] },
  "a long row": { x: [1, 2, 2, 131], o: 3, k: [3, 3], pad: [1, 1, 1, 1] },
  "a tall column": { x: [1, 2, 131, 1], o: 3, k: [3, 3], pad: [1, 1, 1, 1] },
  "no padding": { x: [2, 4, 9, 11], o: 8, k: [3, 3] },
  "asymmetric padding": { x: [2, 3, 7, 9], o: 5, k: [3, 3], pad: [2, 0, 1, 3] },
  "padding beyond the kernel": { x: [1, 3, 5, 6], o: 9, k: [3, 3], pad: [4, 5, 6, 4] },
  "kernel larger than the image": { x: [2, 2, 3, 2], o: 4, k: [5, 7], pad: [2, 2, 3, 3] },
  "stride 2, odd size": { x: [2, 3, 15, 13], o: 10, k: [3, 3], stride: [2, 2], pad: [1, 1, 1, 1] },
  "stride 2, even size": { x: [2, 8, 16, 12], o: 16, k: [3, 3], stride: [2, 2], pad: [1, 1, 1, 1] },
  "stride 3 by 2": { x: [1, 3, 17, 19], o: 5, k: [3, 5], stride: [3, 2], pad: [1, 2, 2, 1] },
  "stride beyond the kernel": { x: [2, 3, 14, 11], o: 8, k: [2, 1], stride: [3, 4] },
  "stem 5x5 stride 2": { x: [2, 1, 33, 31], o: 24, k: [5, 5], stride: [2, 2], pad: [2, 2, 2, 2] },
  "stem 7x7 stride 2": { x: [1, 3, 30, 22], o: 12, k: [7, 7], stride: [2, 2], pad: [3, 3, 3, 3] },
  "dilation 2": { x: [2, 4, 12, 14], o: 8, k: [3, 3], pad: [2, 2, 2, 2], dilation: [2, 2] },
  "dilation 3 by 2, stride 2 by 1": {
    x: [2, 3, 19, 16],
    o: 6,
    k: [3, 3],
    stride: [2, 1],
    pad: [3, 2, 2, 1],
    dilation: [3, 2],
  },
  "9x9 dilation 4, one channel": { x: [1, 1, 37, 41], o: 8, k: [9, 9], pad: [16, 16, 16, 16], dilation: [4, 4] },
  "15x15": { x: [1, 2, 19, 23], o: 3, k: [15, 15], pad: [7, 7, 7, 7] },
  "1x1": { x: [2, 24, 9, 7], o: 17, k: [1, 1] },
  "1x1, in fours": { x: [2, 24, 8, 6], o: 20, k: [1, 1] },
  "1x1, in fours, two groups": { x: [3, 16, 6, 6], o: 24, k: [1, 1], groups: 2 },
  "1x1, in fours, long sums": { x: [2, 8, 30, 34], o: 12, k: [1, 1] },
  "1x1 stride 2": { x: [2, 9, 9, 8], o: 16, k: [1, 1], stride: [2, 2] },
  "1x7": { x: [2, 5, 6, 18], o: 8, k: [1, 7], pad: [0, 0, 3, 3] },
  "7x1": { x: [2, 5, 18, 6], o: 8, k: [7, 1], pad: [3, 3, 0, 0] },
  "2x2": { x: [2, 5, 10, 11], o: 8, k: [2, 2], pad: [0, 1, 0, 1] },
  "two groups": { x: [2, 6, 9, 10], o: 10, k: [3, 3], pad: [1, 1, 1, 1], groups: 2 },
  "eight wide groups": { x: [1, 64, 6, 9], o: 64, k: [3, 3], pad: [1, 1, 1, 1], groups: 8 },
  depthwise: { x: [2, 13, 11, 10], o: 13, k: [3, 3], pad: [1, 1, 1, 1], groups: 13 },
  "depthwise, stride 2, 5x5": { x: [1, 7, 12, 17], o: 7, k: [5, 5], stride: [2, 2], pad: [2, 1, 1, 2], groups: 7 },
  "depthwise with multiplier": { x: [1, 4, 9, 9], o: 12, k: [3, 3], pad: [1, 1, 1, 1], dilation: [1, 2], groups: 4 },
};
