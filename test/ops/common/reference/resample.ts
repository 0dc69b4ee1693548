/**
 * Resampling of the axes behind [N, C] to `size`, an entry each; attrs { size, align_corners }. Every axis has its own taps,
 * and the result is the sum over all combinations. Source = (target + 1/2) * in / out - 1/2, or with align_corners
 * target * (in - 1) / (out - 1). Linear: not below 0, and the last entry is repeated. Cubic: the four taps around the source
 * by Keys's convolution with a = -3/4, entries at the ends repeated. Nearest: floor(target * in / out).
 */
import { type Attrs, eachIndex, numbersOf, type Reference, stridesOf, zeros } from "../ref.ts";
import { axisTaps } from "./upsample.ts";

interface Tap {
  readonly from: number;
  readonly weight: number;
}

export type Mode = "nearest" | "linear" | "cubic";

/** Keys's kernel at a distance d of any sign. */
function keys(distance: number, a = -0.75): number {
  const d = Math.abs(distance);
  if (d <= 1) return (a + 2) * d ** 3 - (a + 3) * d ** 2 + 1;
  return d < 2 ? a * (d ** 3 - 5 * d ** 2 + 8 * d - 4) : 0;
}

function cubicTaps(from: number, to: number, alignCorners: boolean): Tap[][] {
  return Array.from({ length: to }, (_, target) => {
    const aligned = to > 1 ? (target * (from - 1)) / (to - 1) : 0;
    const source = alignCorners ? aligned : ((target + 0.5) * from) / to - 0.5;
    const low = Math.floor(source);
    return [low - 1, low, low + 1, low + 2].map((at) => ({
      from: Math.min(Math.max(at, 0), from - 1),
      weight: keys(source - at),
    }));
  });
}

/** For each target along one axis, the entries it is made of. */
export const tapsAlong = (mode: Mode, from: number, to: number, alignCorners: boolean): Tap[][] =>
  mode === "cubic" ? cubicTaps(from, to, alignCorners) : axisTaps(mode, from, to, alignCorners);

function eachTap(
  mode: Mode,
  x: readonly number[],
  attrs: Attrs,
  visit: (from: number, out: number, weight: number) => void,
): void {
  const size = numbersOf(attrs, "size");
  const taps = size.map((to, i) => tapsAlong(mode, x[2 + i], to, attrs.align_corners === true));
  const strides = stridesOf(x);
  eachIndex([x[0], x[1], ...size], ([n, c, ...target], out) => {
    const mine = target.map((t, i) => taps[i][t]);
    eachIndex(
      mine.map((list) => list.length),
      (pick) => {
        const chosen = pick.map((p, i) => mine[i][p]);
        const from = chosen.reduce((s, t, i) => s + t.from * strides[2 + i], n * strides[0] + c * strides[1]);
        visit(
          from,
          out,
          chosen.reduce((w, t) => w * t.weight, 1),
        );
      },
    );
  });
}

export const resample = (mode: Mode): Reference => ({
  forward([x], attrs) {
    const out = zeros([x.shape[0], x.shape[1], ...numbersOf(attrs, "size")]);
    eachTap(mode, x.shape, attrs, (from, at, weight) => {
      out.data[at] += x.data[from] * weight;
    });
    return out;
  },
  backward([x], attrs, gradOut) {
    const gx = zeros(x.shape);
    eachTap(mode, x.shape, attrs, (from, at, weight) => {
      gx.data[from] += gradOut.data[at] * weight;
    });
    return [gx];
  },
});
