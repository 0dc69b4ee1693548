/** Ops that copy places to any number of places, or add them up: padding by reflection and repetition, unfold, fold. */
import { type Attrs, eachIndex, numbersOf, type Reference, stridesOf, zeros } from "../ref.ts";
import { windowCount } from "./conv.ts";
import { padsOf } from "./layout.ts";

/** Calls `visit(place in the input, place in the result)` for every copy. */
type Copies = (x: readonly number[], attrs: Attrs, visit: (from: number, to: number) => void) => void;

export interface Spread {
  shape(x: readonly number[], attrs: Attrs): number[];
  readonly each: Copies;
}

export const padding = (source: (at: number, size: number) => number): Spread => ({
  shape: (x, attrs) => x.map((n, axis) => n + padsOf(attrs)[axis][0] + padsOf(attrs)[axis][1]),
  each(x, attrs, visit) {
    const pads = padsOf(attrs);
    const steps = stridesOf(x);
    eachIndex(this.shape(x, attrs), (index, to) => {
      visit(
        index.reduce((sum, i, axis) => sum + source(i - pads[axis][0], x[axis]) * steps[axis], 0),
        to,
      );
    });
  },
});

export function windowsOf([h, w]: readonly number[], attrs: Attrs): [number, number] {
  const [kh, kw] = numbersOf(attrs, "kernel");
  const [sh, sw] = numbersOf(attrs, "stride");
  const [dh, dw] = numbersOf(attrs, "dilation");
  const [top, bottom, left, right] = numbersOf(attrs, "padding");
  return [windowCount(h, top, bottom, kh, sh, dh), windowCount(w, left, right, kw, sw, dw)];
}

/** Every pixel of [n, c, h, w] under a tap of a window, with its place among the columns. */
export function eachPixel(
  [n, c, h, w]: readonly number[],
  attrs: Attrs,
  visit: (pixel: number, entry: number) => void,
): void {
  const [kh, kw] = numbersOf(attrs, "kernel");
  const [sh, sw] = numbersOf(attrs, "stride");
  const [dh, dw] = numbersOf(attrs, "dilation");
  const [top, , left] = numbersOf(attrs, "padding");
  eachIndex([n, c, kh, kw, ...windowsOf([h, w], attrs)], ([b, f, ky, kx, oy, ox], entry) => {
    const y = oy * sh + ky * dh - top;
    const x = ox * sw + kx * dw - left;
    if (y >= 0 && y < h && x >= 0 && x < w) visit(((b * c + f) * h + y) * w + x, entry);
  });
}

export const taps = (attrs: Attrs): number => numbersOf(attrs, "kernel")[0] * numbersOf(attrs, "kernel")[1];

/** How many places of the input each place of the result adds up, and how many of the result each of the input goes to. */
export function spreadCounts(
  spread: Spread,
  x: readonly number[],
  attrs: Attrs,
): { into: Float64Array; from: Float64Array } {
  const into = zeros(spread.shape(x, attrs)).data;
  const from = zeros(x).data;
  spread.each(x, attrs, (p, q) => {
    from[p]++;
    into[q]++;
  });
  return { into, from };
}

export const spreadReference = (spread: Spread): Reference => ({
  forward([x], attrs) {
    const out = zeros(spread.shape(x.shape, attrs));
    spread.each(x.shape, attrs, (p, q) => {
      out.data[q] += x.data[p];
    });
    return out;
  },
  backward([x], attrs, gradOut) {
    const gx = zeros(x.shape);
    spread.each(x.shape, attrs, (p, q) => {
      gx.data[p] += gradOut.data[q];
    });
    return [gx];
  },
});
