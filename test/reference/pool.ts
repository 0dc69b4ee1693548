/** Pooling of [N, C, H, W]; attrs { kernel: [h, w], stride: [h, w], padding: [top, bottom, left, right], dilation (max only), count_include_pad (average only) }. */
import { windowCount } from "./conv.ts";
import { type Attrs, numbersOf, type Ref, type Reference, zeros } from "./ref.ts";

export interface Window {
  /** Place of the result. */
  readonly out: number;
  /** Places in the input that lie inside it, in row-major order. */
  readonly inside: readonly number[];
}

export function poolShape(x: readonly number[], attrs: Attrs): number[] {
  const [kh, kw] = numbersOf(attrs, "kernel");
  const [sh, sw] = numbersOf(attrs, "stride");
  const [dh, dw] = attrs.dilation === undefined ? [1, 1] : numbersOf(attrs, "dilation");
  const [top, bottom, left, right] = numbersOf(attrs, "padding");
  return [x[0], x[1], windowCount(x[2], top, bottom, kh, sh, dh), windowCount(x[3], left, right, kw, sw, dw)];
}

export function eachWindow(x: readonly number[], attrs: Attrs, visit: (window: Window) => void): void {
  const [kh, kw] = numbersOf(attrs, "kernel");
  const [sh, sw] = numbersOf(attrs, "stride");
  const [dh, dw] = attrs.dilation === undefined ? [1, 1] : numbersOf(attrs, "dilation");
  const [top, , left] = numbersOf(attrs, "padding");
  const [n, c, oh, ow] = poolShape(x, attrs);
  const [, , h, w] = x;
  let out = 0;
  for (let plane = 0; plane < n * c; plane++)
    for (let oy = 0; oy < oh; oy++)
      for (let ox = 0; ox < ow; ox++) {
        const inside: number[] = [];
        for (let ky = 0; ky < kh; ky++) {
          const y = oy * sh - top + ky * dh;
          if (y < 0 || y >= h) continue;
          for (let kx = 0; kx < kw; kx++) {
            const px = ox * sw - left + kx * dw;
            if (px >= 0 && px < w) inside.push((plane * h + y) * w + px);
          }
        }
        visit({ out: out++, inside });
      }
}

/** The first of the largest values in row-major order; a NaN beats every number, as in PyTorch. -1 for a window of padding only. */
function winner(data: Float64Array, inside: readonly number[]): number {
  let best = -1;
  for (const at of inside) if (best < 0 || data[at] > data[best] || Number.isNaN(data[at])) best = at;
  return best;
}

const maxPool: Reference = {
  op: "max_pool2d",
  forward([x], attrs) {
    const out = zeros(poolShape(x.shape, attrs));
    eachWindow(x.shape, attrs, ({ out: o, inside }) => {
      const at = winner(x.data, inside);
      out.data[o] = at < 0 ? -Infinity : x.data[at];
    });
    return out;
  },
  backward([x], attrs, gradOut) {
    const gx = zeros(x.shape);
    eachWindow(x.shape, attrs, ({ out, inside }) => {
      const at = winner(x.data, inside);
      if (at >= 0) gx.data[at] += gradOut.data[out];
    });
    return [gx];
  },
};

/** What a window's sum is divided by: all taps of the kernel, or those that lie inside. */
export function poolDivisor(attrs: Attrs, window: Window): number {
  const [kh, kw] = numbersOf(attrs, "kernel");
  return attrs.count_include_pad === true ? kh * kw : window.inside.length;
}

const avgPool: Reference = {
  op: "avg_pool2d",
  forward([x], attrs) {
    const out = zeros(poolShape(x.shape, attrs));
    eachWindow(x.shape, attrs, (window) => {
      let sum = 0;
      for (const at of window.inside) sum += x.data[at];
      out.data[window.out] = sum / poolDivisor(attrs, window);
    });
    return out;
  },
  backward([x]: readonly Ref[], attrs, gradOut) {
    const gx = zeros(x.shape);
    eachWindow(x.shape, attrs, (window) => {
      for (const at of window.inside) gx.data[at] += gradOut.data[window.out] / poolDivisor(attrs, window);
    });
    return [gx];
  },
};

export const poolReferences: readonly Reference[] = [maxPool, avgPool];
