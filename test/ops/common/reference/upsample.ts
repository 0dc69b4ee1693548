/**
 * Resampling of [N, C, H, W] to size [h, w].
 * Nearest: source = floor(target * in / out), in whole numbers. (PyTorch rounds in / out to float32 first, which picks the
 * neighbor at about one size in a hundred.) Bilinear: source = (target + 1/2) * in / out - 1/2, not below 0, or with
 * align_corners target * (in - 1) / (out - 1); beyond the last pixel the last pixel is repeated.
 */
import { type Attrs, numbersOf, type Ref, type Reference, zeros } from "../ref.ts";

interface Tap {
  readonly from: number;
  readonly weight: number;
}

/** For each target pixel along one axis, the source pixels it is made of. */
export function axisTaps(mode: "nearest" | "linear", from: number, to: number, alignCorners: boolean): Tap[][] {
  return Array.from({ length: to }, (_, target) => {
    if (mode === "nearest") return [{ from: Math.floor((target * from) / to), weight: 1 }];
    const aligned = to > 1 ? (target * (from - 1)) / (to - 1) : 0;
    const source = alignCorners ? aligned : Math.max(0, ((target + 0.5) * from) / to - 0.5);
    const low = Math.min(Math.floor(source), from - 1);
    const weight = source - low;
    return [
      { from: low, weight: 1 - weight },
      { from: Math.min(low + 1, from - 1), weight },
    ];
  });
}

function eachTap(
  mode: "nearest" | "linear",
  x: readonly number[],
  attrs: Attrs,
  visit: (from: number, out: number, weight: number) => void,
): number[] {
  const [n, c, h, w] = x;
  const [oh, ow] = numbersOf(attrs, "size");
  const rows = axisTaps(mode, h, oh, attrs.align_corners === true);
  const columns = axisTaps(mode, w, ow, attrs.align_corners === true);
  for (let plane = 0; plane < n * c; plane++)
    for (let y = 0; y < oh; y++)
      for (let px = 0; px < ow; px++)
        for (const row of rows[y])
          for (const column of columns[px])
            visit((plane * h + row.from) * w + column.from, (plane * oh + y) * ow + px, row.weight * column.weight);
  return [n, c, oh, ow];
}

export const upsample = (mode: "nearest" | "linear"): Reference => ({
  forward([x]: readonly Ref[], attrs) {
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
