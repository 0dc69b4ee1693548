/**
 * Adaptive mean of [N, C, W], [N, C, H, W] or [N, C, D, H, W]; attrs { size: one entry an axis }. Along each axis target t is the mean
 * of the inputs i with floor(t * in / out) <= i < ceil((t + 1) * in / out).
 */
import { type Attrs, eachIndex, numbersOf, type Reference, stridesOf, zeros } from "../ref.ts";

const shapeOf = (x: readonly number[], attrs: Attrs): number[] => [x[0], x[1], ...numbersOf(attrs, "size")];

/** Calls `visit` with the places in the input that each result is the mean of. */
export function eachCell(
  x: readonly number[],
  attrs: Attrs,
  visit: (out: number, inside: readonly number[]) => void,
): void {
  const size = numbersOf(attrs, "size");
  const strides = stridesOf(x);
  eachIndex(shapeOf(x, attrs), ([n, c, ...at], out) => {
    const from = at.map((t, i) => Math.floor((t * x[2 + i]) / size[i]));
    const to = at.map((t, i) => Math.ceil(((t + 1) * x[2 + i]) / size[i]));
    const inside: number[] = [];
    eachIndex(
      to.map((end, i) => end - from[i]),
      (offset) => {
        inside.push(offset.reduce((s, o, i) => s + (from[i] + o) * strides[2 + i], n * strides[0] + c * strides[1]));
      },
    );
    visit(out, inside);
  });
}

export const adaptive: Reference = {
  forward([x], attrs) {
    const out = zeros(shapeOf(x.shape, attrs));
    eachCell(x.shape, attrs, (at, inside) => {
      out.data[at] = inside.reduce((sum, from) => sum + x.data[from], 0) / inside.length;
    });
    return out;
  },
  backward([x], attrs, gradOut) {
    const gx = zeros(x.shape);
    eachCell(x.shape, attrs, (at, inside) => {
      for (const from of inside) gx.data[from] += gradOut.data[at] / inside.length;
    });
    return [gx];
  },
};
