/**
 * conv2d: x [N, C, H, W], w [O, C/groups, kH, kW], optional bias [O] -> [N, O, oH, oW]. A cross-correlation, as everywhere in
 * deep learning. attrs { stride: [h, w], padding: [top, bottom, left, right], dilation: [h, w], groups }.
 */
import { type Attrs, numberOf, numbersOf, type Ref, type Reference, zeros } from "./ref.ts";

/** Number of window places along one axis. */
export const windowCount = (
  size: number,
  before: number,
  after: number,
  kernel: number,
  stride: number,
  dilation: number,
): number => Math.floor((size + before + after - dilation * (kernel - 1) - 1) / stride) + 1;

export function convShape(x: readonly number[], w: readonly number[], attrs: Attrs): number[] {
  const [sh, sw] = numbersOf(attrs, "stride");
  const [dh, dw] = numbersOf(attrs, "dilation");
  const [top, bottom, left, right] = numbersOf(attrs, "padding");
  return [x[0], w[0], windowCount(x[2], top, bottom, w[2], sh, dh), windowCount(x[3], left, right, w[3], sw, dw)];
}

/** Calls `visit(flat in x, flat in w, flat in the result)` for every product; padding contributes none. */
function eachTap(x: Ref, w: Ref, attrs: Attrs, visit: (p: number, q: number, o: number) => void): void {
  const [n, c, h, width] = x.shape;
  const [o, cg, kh, kw] = w.shape;
  const groups = numberOf(attrs, "groups");
  const [sh, sw] = numbersOf(attrs, "stride");
  const [dh, dw] = numbersOf(attrs, "dilation");
  const [top, , left] = numbersOf(attrs, "padding");
  const [, , oh, ow] = convShape(x.shape, w.shape, attrs);
  for (let b = 0; b < n; b++)
    for (let f = 0; f < o; f++) {
      const first = Math.floor(f / (o / groups)) * cg;
      for (let oy = 0; oy < oh; oy++)
        for (let ox = 0; ox < ow; ox++)
          for (let ci = 0; ci < cg; ci++)
            for (let ky = 0; ky < kh; ky++) {
              const y = oy * sh - top + ky * dh;
              if (y < 0 || y >= h) continue;
              for (let kx = 0; kx < kw; kx++) {
                const px = ox * sw - left + kx * dw;
                if (px < 0 || px >= width) continue;
                visit(
                  ((b * c + first + ci) * h + y) * width + px,
                  ((f * cg + ci) * kh + ky) * kw + kx,
                  ((b * o + f) * oh + oy) * ow + ox,
                );
              }
            }
    }
}

const conv2d: Reference = {
  op: "conv2d",
  forward([x, w, bias], attrs) {
    const out = zeros(convShape(x.shape, w.shape, attrs));
    const plane = out.shape[2] * out.shape[3];
    if (bias) for (let i = 0; i < out.data.length; i++) out.data[i] = bias.data[Math.floor(i / plane) % out.shape[1]];
    eachTap(x, w, attrs, (p, q, o) => {
      out.data[o] += x.data[p] * w.data[q];
    });
    return out;
  },
  backward([x, w, bias], attrs, gradOut) {
    const gx = zeros(x.shape);
    const gw = zeros(w.shape);
    eachTap(x, w, attrs, (p, q, o) => {
      gx.data[p] += gradOut.data[o] * w.data[q];
      gw.data[q] += gradOut.data[o] * x.data[p];
    });
    if (!bias) return [gx, gw];
    const gb = zeros(bias.shape);
    const plane = gradOut.shape[2] * gradOut.shape[3];
    for (let i = 0; i < gradOut.data.length; i++) gb.data[Math.floor(i / plane) % gradOut.shape[1]] += gradOut.data[i];
    return [gx, gw, gb];
  },
};

export const convReferences: readonly Reference[] = [conv2d];
