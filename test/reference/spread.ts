/**
 * Ops that copy places to any number of places, or add them up: pad_reflect and pad_replicate, attrs { pads: [before, after]
 * of each axis }; unfold, attrs { kernel, stride, padding: [top, bottom, left, right], dilation }; fold, with output_size.
 */
import { windowCount } from "./conv.ts";
import { padsOf } from "./layout.ts";
import { type Attrs, eachIndex, numbersOf, type Reference, stridesOf, zeros } from "./ref.ts";

/** Calls `visit(place in the input, place in the result)` for every copy. */
type Copies = (x: readonly number[], attrs: Attrs, visit: (from: number, to: number) => void) => void;

interface Spread {
  readonly op: string;
  shape(x: readonly number[], attrs: Attrs): number[];
  readonly each: Copies;
}

/** Walks outwards from the ends: 0 1 2 3 read as ... 2 1 | 0 1 2 3 | 2 1 ... */
function reflected(at: number, size: number): number {
  let i = at;
  while (i < 0 || i >= size) i = i < 0 ? -i : 2 * (size - 1) - i;
  return i;
}
const clamped = (at: number, size: number): number => Math.min(size - 1, Math.max(0, at));

const padding = (op: string, source: (at: number, size: number) => number): Spread => ({
  op,
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

function windowsOf([h, w]: readonly number[], attrs: Attrs): [number, number] {
  const [kh, kw] = numbersOf(attrs, "kernel");
  const [sh, sw] = numbersOf(attrs, "stride");
  const [dh, dw] = numbersOf(attrs, "dilation");
  const [top, bottom, left, right] = numbersOf(attrs, "padding");
  return [windowCount(h, top, bottom, kh, sh, dh), windowCount(w, left, right, kw, sw, dw)];
}

/** Every pixel of [n, c, h, w] under a tap of a window, with its place among the columns. */
function eachPixel([n, c, h, w]: readonly number[], attrs: Attrs, visit: (pixel: number, entry: number) => void): void {
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

const taps = (attrs: Attrs): number => numbersOf(attrs, "kernel")[0] * numbersOf(attrs, "kernel")[1];

const unfold: Spread = {
  op: "unfold",
  shape([n, c, ...size], attrs) {
    const [down, across] = windowsOf(size, attrs);
    return [n, c * taps(attrs), down * across];
  },
  each: (x, attrs, visit) => eachPixel(x, attrs, visit),
};

const fold: Spread = {
  op: "fold",
  shape: ([n, rows], attrs) => [n, rows / taps(attrs), ...numbersOf(attrs, "output_size")],
  each(x, attrs, visit) {
    eachPixel(this.shape(x, attrs), attrs, (pixel, entry) => visit(entry, pixel));
  },
};

const spreads = [padding("pad_reflect", reflected), padding("pad_replicate", clamped), unfold, fold];

/** How many places of the input each place of the result adds up, and how many of the result each of the input goes to. */
export function spreadCounts(
  op: string,
  x: readonly number[],
  attrs: Attrs,
): { into: Float64Array; from: Float64Array } {
  const spread = spreads.find((s) => s.op === op)!;
  const into = zeros(spread.shape(x, attrs)).data;
  const from = zeros(x).data;
  spread.each(x, attrs, (p, q) => {
    from[p]++;
    into[q]++;
  });
  return { into, from };
}

export const spreadReferences: readonly Reference[] = spreads.map((spread) => ({
  op: spread.op,
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
}));
